import { testPostgres } from "../support/store";

if (testPostgres() === undefined) {
  globalThis.describe = describe.skip;
  globalThis.it = it.skip;
}
