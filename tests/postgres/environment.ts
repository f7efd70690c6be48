/** Names a running PostgreSQL (JSON of `PostgresParts`); tests then keep their stores in it instead of files. */
export const TEST_POSTGRES = "CONNECTIONS_TEST_POSTGRES";
