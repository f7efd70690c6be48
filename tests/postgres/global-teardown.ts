import { STARTED_POSTGRES, type WithPostgres } from "./environment";

/** Where a run ends otherwise, the server ends with its input. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as WithPostgres)[STARTED_POSTGRES]?.stop();
}
