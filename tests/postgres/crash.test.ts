import { newDatabase } from "../support/store";
import { startPostgres, type StartedPostgres } from "../support/postgres/start-server.cjs";
import { Servers, ended } from "./servers";

const DATABASES = 30;
const TABLES = 20;

/** Its own: other tests are using the one that they share. */
let postgres: StartedPostgres;
let servers: Servers;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await servers?.stopAll();
  await postgres?.stop();
});

describe("three servers on one store", () => {
  it("go on when PostgreSQL is killed and comes back", async () => {
    servers = new Servers(newDatabase(postgres.parts));
    servers.set({ databases: DATABASES, tables: TABLES, milliseconds: 800 });
    await Promise.all([0, 1, 2].map((index) => servers.start(index)));
    const { bulkId } = await servers.client(0).registerConnection({ connectionKey: "w", connection: servers.connection("one") });
    await servers.untilRead(5);
    await fetch(`${postgres.parts.control}/crash?away=2000`, { method: "POST" });
    const job = await ended(servers.client(1), bulkId);
    expect(job).toMatchObject({ state: "completed", output: { plan: { failed: [], held: [] } } });
    expect(await servers.client(2).countObjects(["w"])).toMatchObject({ databases: DATABASES, tables: DATABASES * TABLES, missing: 0 });
  });
});
