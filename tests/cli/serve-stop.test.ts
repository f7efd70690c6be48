import { join } from "node:path";
import { createClient } from "../../sdk/client/client";
import type { Job } from "../../sdk/model/job";
import { startServer, type ServedProcess } from "../support/serve-command";
import { temporaryFolder } from "../support/temporary";

const KEY = "an-administrators-key-of-some-length";
const SECRET = "a-password-that-nobody-may-see";
const NEVER_MILLISECONDS = 600_000;

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** The built server, with a platform that pauses in the middle of a sync. */
async function served(folder: string, slowMilliseconds: number, flags: readonly string[] = []) {
  const server: ServedProcess = await startServer(folder, flags, {
    ...process.env,
    NODE_OPTIONS: `--require ${join(__dirname, "slow-platform.cjs")}`,
    SLOW_MILLISECONDS: String(slowMilliseconds),
    CONNECTIONS_ADMIN_API_KEY: KEY,
  });
  const client = createClient({ endpoint: server.endpoint, apiKey: KEY });
  ending.push(() => client.close(), server.stop);
  return { ...server, client };
}

async function eventually<T>(read: () => Promise<T>, isIt: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const value = await read();
    if (isIt(value)) return value;
    expect(tries).toBeLessThan(300);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const connection = { technology: "Slow", password: SECRET };

it("stops within seconds in the middle of a sync, which the next server on the store takes up again", async () => {
  const folder = temporaryFolder();
  const first = await served(folder, NEVER_MILLISECONDS);
  const { bulkId } = await first.client.registerConnection({ connectionKey: "slow", connection, settings: { isActive: true } });
  await eventually(
    () => first.client.getJobs(bulkId),
    ([job]) => job?.state === "active" && job.progress.objects > 0,
  );
  const asked = Date.now();
  expect(await first.stop()).toBe(0);
  expect(Date.now() - asked).toBeLessThan(20_000);

  const second = await served(folder, 0);
  const jobs = async () => (await second.client.searchJobs()).jobs;
  const [again, stopped] = await eventually<readonly Job[]>(jobs, ([newest]) => newest?.state === "completed");
  expect(stopped).toMatchObject({ bulkId, state: "cancelled", output: { handedBack: true } });
  expect(again).toMatchObject({ objectPath: ["slow"], requestedBy: "schedule" });
  expect(await second.client.countObjects(["slow"])).toMatchObject({ tables: 2, dataSources: 2 });

  // Once: neither this server nor the next runs it a third time.
  await second.stop();
  const third = await served(folder, 0);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect((await third.client.searchJobs()).jobs).toHaveLength(2);
});

it("answers what it was asked before it stops, and takes nothing new", async () => {
  const { client, stop, endpoint } = await served(temporaryFolder(), 1_500);
  await client.waitForJobs((await client.registerConnection({ connectionKey: "slow", connection })).bulkId);
  const plan = client.planSync(["slow"]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const stopped = stop();
  expect(await plan).toMatchObject({ counts: { unchanged: 4 } });
  expect(await stopped).toBe(0);
  await expect(fetch(`${endpoint}/health`)).rejects.toThrow();
});

it("logs each request as a line of JSON, and no secret of any", async () => {
  const { client, endpoint, output, stop } = await served(temporaryFolder(), 0, ["--log-level", "trace"]);
  const registration = { connectionKey: "slow", connection };
  await client.waitForJobs((await client.registerConnection(registration)).bulkId);
  // Whether it is refused does not matter here; what is logged of it does.
  await client.updateConnection("slow", { connection }).catch(() => undefined);
  const send = (path: string, init: RequestInit) => fetch(endpoint + path, { method: "POST", ...init }).then((response) => response.text());
  const json = { "content-type": "application/json", authorization: KEY };
  const { token } = JSON.parse(
    await send("/bim/apikey/authenticate", { headers: { "content-type": "application/json" }, body: `{"apikey":"${KEY}"}` }),
  ) as { token: string };
  const said = [
    await send("/data/connection", { headers: json, body: JSON.stringify({ ...registration, connection: { ...connection, x: SECRET } }) }),
    await send("/data/connection", { headers: json, body: `{"password":"${SECRET}"` }),
    await send("/data/connection/test", { headers: { ...json, authorization: `Bearer ${token}` }, body: JSON.stringify({ connection }) }),
    await send("/data/object/search", { headers: { authorization: `${KEY}x` } }),
  ];
  await stop();
  const lines = output()
    .split("\n")
    .filter((line) => line.startsWith("{"));
  const requests = lines.map((line) => JSON.parse(line) as { req?: { url: string }; res?: { statusCode: number } });
  expect(requests.some(({ req }) => req?.url === "/data/connection")).toBe(true);
  expect(requests.some(({ res }) => res?.statusCode === 401)).toBe(true);
  for (const secret of [SECRET, KEY, token]) {
    expect(output()).not.toContain(secret);
    expect(said.join("\n")).not.toContain(secret);
  }
});
