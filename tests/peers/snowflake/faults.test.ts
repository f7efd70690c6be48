import { join } from "node:path";
import { openLocal } from "../../../sdk";
import { temporaryFolder } from "../../support/temporary";
import { failedStatement, type DisturbingProxy } from "./disturbing-proxy";
import { connectionTo, describeSnowflake, execute, objectsOf, openSession, proxyTo, readOnce, SHORT, useServer } from "./harness";

const TOO_MUCH = "Information schema query returned too much data. Please repeat query with more selective predicates.";
const TABLES = 25;

describeSnowflake("a Snowflake server that fails", () => {
  const account = useServer({});
  let proxy: DisturbingProxy;

  beforeAll(() =>
    execute(
      account.server.port,
      "CREATE DATABASE SALES",
      ...["A", "B"].flatMap((schema) => [
        `CREATE SCHEMA SALES.${schema}`,
        ...Array.from({ length: TABLES }, (_, index) => `CREATE TABLE SALES.${schema}.T${index} (ID INT, NAME VARCHAR(10))`),
      ]),
    ),
  );
  beforeEach(async () => {
    proxy = await proxyTo(account.server.port);
  });

  const session = () => openSession(connectionTo(proxy.port), SHORT);
  const isTables = (statement: string) => statement.includes("INFORMATION_SCHEMA.TABLES");
  const isColumns = (statement: string) => statement.includes("INFORMATION_SCHEMA.COLUMNS");
  const read = async (columns = false) => objectsOf(await session(), { database: "SALES" }, columns);

  it.each([429, 503])("is asked again when it answers %s for a moment", async (status) => {
    let refused = 0;
    proxy.disturb = ({ statement }) => (isTables(statement) && refused++ < 1 ? { status } : undefined);
    const patient = await openSession(connectionTo(proxy.port));
    expect(await objectsOf(patient, { database: "SALES" }, false)).toHaveLength(2 + 2 * TABLES);
    expect(refused).toBe(2);
  });

  it("is asked again when it is busy at the login, when it says", async () => {
    const started = Date.now();
    proxy.disturb = ({ path }) =>
      path === "/session/v1/login-request" && Date.now() < started + 1_000 ? { status: 503, headers: { "retry-after": "2" } } : undefined;
    await (await session()).check();
    expect(proxy.sent.filter(({ path }) => path === "/session/v1/login-request")).toHaveLength(2);
    expect(Date.now() - started).toBeGreaterThan(2_000);
  });

  it.each([
    [{ status: 429 }, /did not answer within 3 s/],
    [{ status: 503 }, /did not answer within 3 s/],
    [{ hang: true } as const, /SALES: did not answer within 3 s; see that it is up/],
    [{ dropAfterBytes: 20 }, /did not answer within 3 s|cannot be reached, or broke off/],
  ])("is given up on when every list of tables meets %j", async (disturbance, message) => {
    proxy.disturb = ({ statement }) => (isTables(statement) ? disturbance : undefined);
    await expect(read()).rejects.toThrow(message);
  });

  it("is given up on when it does not answer a login, or not as Snowflake does", async () => {
    proxy.disturb = () => ({ hang: true });
    await expect((await session()).check()).rejects.toThrow(/127\.0\.0\.1:\d+: did not answer within 5 s/);
    proxy.disturb = () => ({ status: 403 });
    await expect((await session()).check()).rejects.toThrow(/connection\.hostname: there is no account at 127\.0\.0\.1:\d+ \(HTTP 403\)/);
    proxy.disturb = () => ({ status: 200, headers: { "content-type": "text/html" } });
    await expect((await session()).check()).rejects.toThrow(/connection\.hostname: what answers at .* is not Snowflake/);
  });

  it.each([
    ["000606", "No active warehouse selected in the current session.", /connection\.warehouse: warehouse GOV_WH does not exist/],
    [
      "003001",
      "Insufficient privileges to operate on warehouse 'GOV_WH'",
      /connection\.warehouse: warehouse GOV_WH is suspended and role GOV_ROLE may not resume it/,
    ],
    [
      "090073",
      "Warehouse 'GOV_WH' cannot be resumed because resource monitor 'M' has exceeded its quota.",
      /connection\.warehouse: a resource monitor keeps warehouse GOV_WH from running/,
    ],
    ["003030", "Shared database is no longer available for use.", /SALES: the share behind this imported database is no longer available/],
    [
      "000630",
      "Statement reached its statement or warehouse timeout of 5 second(s) and was canceled.",
      /SALES: the statement ran into STATEMENT_TIMEOUT_IN_SECONDS/,
    ],
    ["999999", "Something new.", /SALES: Snowflake refused a statement; see what it says \(Snowflake 999999, 42000: Something new\.\)/],
  ])("says what to do about %s: %s", async (code, message, expected) => {
    proxy.disturb = ({ statement }) => (isTables(statement) ? failedStatement(code, message) : undefined);
    await expect(read()).rejects.toThrow(expected);
  });

  it("is read schema by schema where the database is too much for one answer", async () => {
    const whole = await read(true);
    proxy.disturb = ({ statement }) => (statement.includes("TABLE_SCHEMA <> ?") ? failedStatement("090030", TOO_MUCH) : undefined);
    expect(await read(true)).toEqual(whole);
    expect(await read()).toEqual(whole.map(({ columns: _, ...object }) => object));
    expect(proxy.sent.filter(({ statement }) => /TABLE_SCHEMA = \?/.test(statement))).toHaveLength(6);
  });

  it("has columns read table by table where a schema is too much for one answer", async () => {
    const whole = await read(true);
    proxy.disturb = ({ statement }) => {
      const names = statement.split("?").length - 1;
      return isColumns(statement) && (!statement.includes("IN (") || names > 8) ? failedStatement("090030", TOO_MUCH) : undefined;
    };
    const opened = await session();
    const listed = await objectsOf(opened, { database: "SALES" }, true);
    expect(listed.filter(({ columns }) => columns !== undefined)).toEqual([]);
    const tables = listed.flatMap(({ schema, table }) => (table === undefined ? [] : [{ schema, table }]));
    const columns = new Map((await opened.readColumns("SALES", tables)).map((one) => [`${one.schema}.${one.table}`, one.columns]));
    expect(columns).toEqual(new Map(whole.flatMap(({ schema, table, columns: text }) => (table ? [[`${schema}.${table}`, text]] : []))));
  });

  it("says so where a schema's list of tables is too much for one answer", async () => {
    proxy.disturb = ({ statement }) => (isTables(statement) ? failedStatement("090030", TOO_MUCH) : undefined);
    await expect(read()).rejects.toThrow(/SALES: a single schema holds more than INFORMATION_SCHEMA can answer/);
  });

  it("is told to stop when the caller stops, at once", async () => {
    proxy.disturb = ({ statement }) => (isTables(statement) ? { hang: true } : undefined);
    const opened = await openSession(connectionTo(proxy.port));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("stopped")), 500);
    const started = Date.now();
    await expect(async () => {
      for await (const _ of opened.streamObjects({ database: "SALES" }, { columns: false, signal: stop.signal }));
    }).rejects.toThrow("stopped");
    expect(Date.now() - started).toBeLessThan(2_000);
    await opened.close();
    expect(proxy.sent.some(({ path }) => path === "/queries/v1/abort-request")).toBe(true);
  });

  it("leaves what is registered as it is", async () => {
    const api = openLocal({ store: join(temporaryFolder(), "connections.db") });
    const connection = connectionTo(proxy.port);
    await api.waitForJobs((await api.registerConnection({ connectionKey: "sf", connection })).bulkId);
    const before = await api.countObjects(["sf"]);
    expect(before).toMatchObject({ databases: 1, schemas: 2, tables: 2 * TABLES });
    proxy.disturb = ({ statement }) =>
      isTables(statement) ? failedStatement("003030", "Shared database is no longer available.") : undefined;
    const [job] = await api.waitForJobs((await api.crawl(["sf"])).bulkId);
    expect(job).toMatchObject({ state: "failed", output: { error: expect.stringMatching(/^sf\/SALES: SALES: the share/) as string } });
    expect(await api.countObjects(["sf"])).toEqual(before);
    await api.close();
  });

  it("does not keep a process alive that has given up on it", async () => {
    proxy.disturb = ({ statement }) => (isTables(statement) ? { hang: true } : undefined);
    const { said, lingeredSeconds } = await readOnce(connectionTo(proxy.port));
    expect(said).toMatch(/^SALES: did not answer within 1 s/);
    expect(lingeredSeconds).toBeLessThan(5);
  });
});
