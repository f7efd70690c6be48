import type { StartedPostgres } from "../support/postgres/start-server.cjs";

/** Names the PostgreSQL that was started (JSON of `PostgresParts`), for every test of the run. */
export const POSTGRES_SERVER = "CONNECTIONS_TEST_POSTGRES_SERVER";

/** The same, only in tests that keep their stores in it instead of files. */
export const TEST_POSTGRES = "CONNECTIONS_TEST_POSTGRES";

/** Where a run keeps it, to stop it: the setup and the end of a run share nothing else. */
export const STARTED_POSTGRES = Symbol.for("pulumi-connections.test.started-postgres");
export type WithPostgres = { [STARTED_POSTGRES]?: StartedPostgres };
