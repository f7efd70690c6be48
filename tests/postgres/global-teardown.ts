import { stopPostgres } from "../support/postgres/start-server.cjs";

/** Where a run ends otherwise, the server ends with its input. */
export default function globalTeardown(): Promise<void> {
  return stopPostgres();
}
