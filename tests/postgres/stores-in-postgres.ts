import { POSTGRES_SERVER, TEST_POSTGRES } from "./environment";

const server = process.env[POSTGRES_SERVER];
if (server === undefined) {
  globalThis.describe = describe.skip;
  globalThis.it = it.skip;
} else process.env[TEST_POSTGRES] = server;
