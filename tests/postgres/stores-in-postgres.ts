import { POSTGRES_SERVER, TEST_POSTGRES } from "./environment";

/** Random histories of a property test: fewer than on a store in a file, where each takes a fraction of the time. */
process.env["RUNS"] ??= "20";

const server = process.env[POSTGRES_SERVER];
if (server === undefined) {
  globalThis.describe = describe.skip;
  globalThis.it = it.skip;
} else process.env[TEST_POSTGRES] = server;
