import Database from "libsql";
import { register, states, sync, testEngine } from "../support/engine";
import { account, table } from "../support/memory-platform";

const mockOpened: Database.Database[] = [];
jest.mock("libsql", () => {
  const Actual = jest.requireActual<new (...parameters: unknown[]) => Database.Database>("libsql");
  /** The driver, remembering what it opened, so that a test can limit it while the engine uses it. */
  return class extends Actual {
    constructor(...parameters: unknown[]) {
      super(...parameters);
      mockOpened.push(this);
    }
  };
});

const ADDED = 20_000;
const SALES = ["warehouse", "sales"];

/** A registered account of which a sync has much to write. */
async function registered() {
  mockOpened.length = 0;
  const subject = testEngine(account({ sales: { main: ["orders"] } }));
  await register(subject.api);
  for (let index = 0; index < ADDED; index++) subject.platform.tables("sales", "main").set(`t${index}`, table());
  return { ...subject, before: await states(subject.api) };
}

const everywhere = (pragma: string) => {
  for (const raw of mockOpened.filter(({ open }) => open)) raw.exec(`PRAGMA ${pragma}`);
};

describe("a disk that gets full in the middle of a sync", () => {
  it.each(["main", "temp"])("(of the store's %s file) fails it with nothing written; with room again the next one works", async (file) => {
    const { api, before } = await registered();
    for (const raw of mockOpened.filter(({ open }) => open)) {
      const { page_count: pages } = raw.prepare(`PRAGMA ${file}.page_count`).get() as { page_count: number };
      raw.exec(`PRAGMA ${file}.max_page_count = ${pages + 3}`);
    }
    const { bulkId } = await api.crawl(["warehouse"]);
    const message = expect.stringMatching(/connections\.db: the disk is full; nothing was written\. Make room and try again/) as string;
    expect(await api.waitForJobs(bulkId)).toMatchObject([{ state: "failed", output: { error: message } }]);
    expect(await states(api)).toEqual(before);
    // What is small still finds room.
    expect(await api.updateSettings(SALES, { isActive: true })).toMatchObject({ state: "active" });

    everywhere(`${file}.max_page_count = 1000000`);
    expect((await sync(api)).counts).toMatchObject({ new: ADDED, unchanged: 3 });
    expect(await api.countObjects(["warehouse"])).toMatchObject({ tables: ADDED + 1 });
  });
});

it("a store that another process locks to the end of a sync leaves it interrupted; once it lets go the next one works", async () => {
  const { api, platform, storeFile, before, reopen } = await registered();
  const other = new Database(storeFile);
  platform.onBatch = () => {
    if (other.inTransaction) return;
    other.exec("BEGIN IMMEDIATE");
    everywhere("busy_timeout = 100");
  };
  const { bulkId } = await api.crawl(["warehouse"]);
  await expect(api.waitForJobs(bulkId)).rejects.toMatchObject({
    statusCode: 503,
    message: expect.stringMatching(/connections\.db: in use by another process/) as string,
  });
  other.exec("COMMIT");
  other.close();
  platform.onBatch = () => undefined;
  for (const one of [api, reopen()]) {
    expect(await one.getJobs(bulkId)).toMatchObject([
      { state: "failed", output: { error: expect.stringMatching(/^interrupted/) as string } },
    ]);
  }
  expect(await states(api)).toEqual(before);
  expect((await sync(api)).counts).toMatchObject({ new: ADDED });
});

it("a crawl that cannot even be noted in the store says so at once", async () => {
  const { api, storeFile } = await registered();
  const other = new Database(storeFile);
  other.exec("BEGIN IMMEDIATE");
  everywhere("busy_timeout = 100");
  await expect(api.crawl(["warehouse"])).rejects.toThrow(/in use by another process/);
  other.exec("COMMIT");
  other.close();
  expect((await sync(api)).counts).toMatchObject({ new: ADDED });
});
