/** Names the PostgreSQL that was started (JSON of `PostgresParts`), for every test of the run. */
export const POSTGRES_SERVER = "CONNECTIONS_TEST_POSTGRES_SERVER";

/** The same, only in tests that keep their stores in it instead of files. */
export const TEST_POSTGRES = "CONNECTIONS_TEST_POSTGRES";
