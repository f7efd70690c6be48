import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { openGraphileQueue } from "../../sdk/store/postgres/graphile-queue";
import type { WorkQueue } from "../../sdk/model/work-queue";
import { newDatabase, testPostgres } from "../support/store";

const LIMIT_MILLISECONDS = 60_000;

let queue: WorkQueue;
afterEach(() => queue?.close());

/** Nobody reaches the database until the returned function is called. */
async function away(address: string): Promise<() => Promise<void>> {
  const { port, user } = testPostgres()!;
  const name = new URL(address).pathname.slice(1);
  const client = new Client({ host: "127.0.0.1", port, user, database: "postgres" });
  await client.connect();
  await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
  return async () => {
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    await client.end();
  };
}

it("does a task again whose end could not be written, while others that do nothing live on", async () => {
  const address = newDatabase(testPostgres()!);
  const errors: unknown[] = [];
  queue = openGraphileQueue(address, { databasesAtOnce: 4, onError: (error) => errors.push(error) });
  let runs = 0;
  queue.work({
    sync: () => Promise.reject(new Error("there is no such task")),
    async database() {
      runs++;
      if (runs > 1) return;
      const comeBack = await away(address);
      void delay(1_500).then(comeBack);
    },
  });
  await queue.add([{ kind: "database", key: "one", payload: {}, priority: 0 }]);
  const limit = Date.now() + LIMIT_MILLISECONDS;
  while (runs < 2 && Date.now() < limit) await delay(100);
  expect(runs).toBe(2);
  while ((await queue.sizes()).database > 0 && Date.now() < limit) await delay(100);
  expect(await queue.sizes()).toEqual({ sync: 0, database: 0 });
  expect(errors.length).toBeGreaterThan(0);
});
