import { join } from "node:path";
import { openLocal } from "../../../sdk";
import type { ActivityReader, TimeRange } from "../../../sdk/model/activity";
import { temporaryFolder } from "../../support/temporary";
import { connectionTo, describeSnowflake, execute, openSession, ROLE, useServer } from "./harness";

const DAY: TimeRange = { from: "2026-01-09T00:00:00.000Z", to: "2026-01-10T00:00:00.000Z" };
const USAGE = "SNOWFLAKE.ACCOUNT_USAGE";

const quoted = (value: string | null) => (value === null ? "NULL" : `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`);
const json = (value: unknown) => `PARSE_JSON(${quoted(JSON.stringify(value))})`;

async function rows<Row>(batches: AsyncIterable<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

interface Statement {
  readonly id: string;
  readonly start?: string;
  readonly end?: string;
  readonly status?: string;
  readonly direct?: unknown;
  readonly base?: unknown;
  readonly modified?: unknown;
  readonly byDdl?: unknown;
}

/** A row in QUERY_HISTORY, and one in ACCESS_HISTORY where it used something. */
function statement({ id, start = "2026-01-09T10:00:00Z", end = start, status = "SUCCESS", ...used }: Statement): string[] {
  const { direct, base, modified, byDdl } = used;
  const inHistory =
    `INSERT INTO ${USAGE}.QUERY_HISTORY (query_id, query_text, query_type, user_name, role_name, execution_status, start_time, end_time, ` +
    `query_parameterized_hash) VALUES ('${id}', 'SELECT ''s3cret''', 'SELECT', 'ANNE', 'ANALYST', '${status}', '${start}', '${end}', 'hash')`;
  if (Object.keys(used).length === 0) return [inHistory];
  return [
    inHistory,
    `INSERT INTO ${USAGE}.ACCESS_HISTORY SELECT '${id}', '${start}', 'ANNE', ${json(direct ?? [])}, ${json(base ?? [])}, ` +
      `${json(modified ?? [])}, ${byDdl === undefined ? "NULL" : json(byDdl)}`,
  ];
}

function tag(object: readonly (string | null)[], domain: string, column: string | null = null, deleted: string | null = null): string {
  const [database = null, schema = null, name = null] = object;
  const values = ["GOV", "TAGS", "PII", "yes", database, schema, name, deleted, domain, column].map(quoted).join();
  return (
    `INSERT INTO ${USAGE}.TAG_REFERENCES (tag_database, tag_schema, tag_name, tag_value, object_database, object_schema, object_name, ` +
    `object_deleted, domain, column_name) VALUES (${values})`
  );
}

const ORDERS = { database: "SALES", schema: "CORE", table: "ORDERS" };
const TOTALS = { database: "SALES", schema: "CORE", table: 'odd."name"' };
const used = (table: typeof ORDERS, columns: readonly string[], objectDomain = "Table") => ({
  objectDomain,
  objectId: 7,
  objectName: table === ORDERS ? "SALES.CORE.ORDERS" : 'SALES.CORE."odd.""name"""',
  columns: columns.map((columnName, columnId) => ({ columnId, columnName })),
});

describeSnowflake("activity on Snowflake", () => {
  const account = useServer({ accountUsage: true });
  const reader = async (): Promise<ActivityReader> => (await openSession(connectionTo(account.server.port))).activity!;

  afterEach(() =>
    execute(
      account.server.port,
      ...["TAG_REFERENCES", "OBJECT_DEPENDENCIES", "QUERY_HISTORY", "ACCESS_HISTORY"].map((view) => `DELETE FROM ${USAGE}.${view}`),
    ),
  );

  it("tells its time and how late its history is", async () => {
    const activity = await reader();
    expect(Math.abs(Date.parse(await activity.serverTime()) - Date.now())).toBeLessThan(60_000);
    expect(activity.latencySeconds).toEqual({ lineage: 10_800, audit: 10_800 });
  });

  it("reads tags of databases, schemas, tables and columns, by their exact names; not of what was dropped, and of nothing else", async () => {
    await execute(
      account.server.port,
      tag([null, null, "SALES"], "DATABASE"),
      tag(["SALES", null, "CORE"], "SCHEMA"),
      tag(["SALES", "CORE", 'odd."name"'], "TABLE"),
      tag(["SALES", "CORE", "ORDERS"], "COLUMN", "e mail"),
      tag(["SALES", "CORE", "FORMER"], "TABLE", null, "2026-01-01T00:00:00Z"),
      tag([null, null, "GOV_WH"], "WAREHOUSE"),
      tag(["SALES", "CORE", "ORDERS"], "STAGE"),
    );
    const name = "GOV.TAGS.PII";
    expect(await rows((await reader()).streamTags())).toEqual([
      { database: "SALES", name, value: "yes" },
      { database: "SALES", schema: "CORE", name, value: "yes" },
      { ...TOTALS, name, value: "yes" },
      { ...ORDERS, column: "e mail", name, value: "yes" },
    ]);
  });

  it("reads dependencies of views on tables, and of nothing else", async () => {
    const dependency = (to: string, domain: string, database: string | null = "SALES") =>
      `INSERT INTO ${USAGE}.OBJECT_DEPENDENCIES VALUES (${quoted(database)}, 'CORE', 'ORDERS', 1, 'TABLE', 'SALES', 'CORE', ${quoted(to)}, 2, ` +
      `'${domain}', 'BY_NAME')`;
    await execute(account.server.port, dependency('odd."name"', "VIEW"), dependency("F", "FUNCTION"), dependency("SHARED", "VIEW", null));
    expect(await rows((await reader()).streamDependencies!())).toEqual([{ source: ORDERS, target: TOTALS }]);
  });

  it("reads statements with what they read directly and through views, wrote and altered; never their text", async () => {
    await execute(
      account.server.port,
      ...statement({
        id: "q1",
        direct: [used(TOTALS, ["total"], "View"), used(ORDERS, [], "Stage")],
        base: [used(ORDERS, ["id", "total"]), { objectDomain: "FUNCTION", objectName: "SALES.CORE.F" }],
      }),
      ...statement({ id: "q2", status: "FAIL", modified: [used(ORDERS, ["id"])] }),
      ...statement({ id: "q3", byDdl: { objectDomain: "Table", objectName: "SALES.CORE.ORDERS", operationType: "ALTER", columns: {} } }),
      ...statement({
        id: "q4",
        direct: [
          { objectDomain: "Table", objectName: "TRUNCATED", objectId: -1 },
          { objectDomain: "Table" },
          { ...used(ORDERS, []), columns: [{ columnId: -1, columnName: "TRUNCATED" }] },
        ],
      }),
      ...statement({ id: "nothing used" }),
    );
    const found = await rows((await reader()).streamQueries(DAY));
    const common = { at: "2026-01-09T10:00:00.000Z", user: "ANNE", role: "ANALYST", statementType: "SELECT", hash: "hash" };
    expect(found.sort((a, b) => a.id.localeCompare(b.id))).toEqual([
      {
        ...{ ...common, id: "q1", succeeded: true },
        objects: [
          { ...TOTALS, access: "read", columns: ["total"] },
          { ...ORDERS, access: "read", columns: ["id", "total"] },
        ],
      },
      { ...common, id: "q2", succeeded: false, objects: [{ ...ORDERS, access: "write", columns: ["id"] }] },
      { ...common, id: "q3", succeeded: true, objects: [{ ...ORDERS, access: "write", columns: [] }] },
      { ...common, id: "q4", succeeded: true, objects: [{ ...ORDERS, access: "read", columns: [] }] },
    ]);
    expect(JSON.stringify(found)).not.toContain("s3cret");
    expect((await account.server.statements()).some((text) => /QUERY_TEXT/i.test(text) && !/^INSERT/.test(text))).toBe(false);
  });

  it("reads the statements that ended in the range, however long before they began, each in one range", async () => {
    const at = (id: string, start: string, end: string) => statement({ id, start, end, direct: [used(ORDERS, ["id"])] });
    await execute(
      account.server.port,
      ...at("before", "2026-01-08T23:00:00Z", "2026-01-08T23:59:59.999Z"),
      ...at("at the start", "2026-01-08T23:00:00Z", "2026-01-09T00:00:00Z"),
      ...at("ran for days", "2026-01-05T10:00:00Z", "2026-01-09T10:00:00Z"),
      ...at("at the end", "2026-01-09T23:00:00Z", "2026-01-10T00:00:00Z"),
    );
    const ids = async (range: TimeRange) => (await rows((await reader()).streamQueries(range))).map(({ id }) => id).sort();
    expect(await ids(DAY)).toEqual(["at the start", "ran for days"]);
    expect(await ids({ from: DAY.to, to: "2026-01-11T00:00:00.000Z" })).toEqual(["at the end"]);
    expect(await ids({ from: "2026-01-11T00:00:00.000Z", to: "2026-01-12T00:00:00.000Z" })).toEqual([]);
  });

  it("reads from which columns a statement that succeeded made which others", async () => {
    const source = (columnName: string, part: object = {}) => ({
      ...{ columnName, objectDomain: "Table", objectId: 7, objectName: "SALES.CORE.ORDERS" },
      ...part,
    });
    const modified = [
      {
        ...used(TOTALS, []),
        columns: [
          { columnId: 1, columnName: "total", directSources: [source("price"), source("count")], baseSources: [source("base")] },
          { columnId: 2, columnName: "at", directSources: [] },
          { columnId: 3, columnName: "file", directSources: [source("x", { objectDomain: "Stage" })] },
        ],
      },
    ];
    await execute(account.server.port, ...statement({ id: "q1", modified }), ...statement({ id: "q2", status: "FAIL", modified }));
    const edge = { source: ORDERS, target: TOTALS, targetColumn: "total", at: "2026-01-09T10:00:00.000Z" };
    expect(await rows((await reader()).streamLineage(DAY))).toEqual([
      { ...edge, sourceColumn: "price" },
      { ...edge, sourceColumn: "count" },
    ]);
  });

  it("is read by a sync of the whole connection, where it is switched on", async () => {
    const { port } = account.server;
    const now = new Date().toISOString();
    await execute(
      port,
      "CREATE DATABASE SALES",
      "CREATE SCHEMA SALES.CORE",
      "CREATE TABLE SALES.CORE.ORDERS (ID NUMBER(38,0))",
      'CREATE VIEW SALES.CORE."odd.""name""" AS SELECT ID FROM SALES.CORE.ORDERS',
      tag(["SALES", "CORE", "ORDERS"], "COLUMN", "ID"),
      ...statement({ id: "q1", start: new Date(Date.now() - 3_600_000).toISOString(), end: now, direct: [used(ORDERS, ["ID"])] }),
      `INSERT INTO ${USAGE}.OBJECT_DEPENDENCIES VALUES ('SALES', 'CORE', 'ORDERS', 1, 'TABLE', 'SALES', 'CORE', 'odd."name"', 2, 'VIEW', 'BY_NAME')`,
    );
    const api = openLocal({ store: join(temporaryFolder(), "connections.db") });
    try {
      const connection = connectionTo(port);
      const { technology: _technology, hostname: host, ...values } = connection;
      const on = { enabled: true };
      const config = { host, ...values, audit: on, tags: on, lineage: on };
      const nativeIntegration = { type: "Snowflake", autoBootstrap: false, config } as const;
      const { bulkId } = await api.registerConnection({ connectionKey: "acme", connection, nativeIntegration });
      const [job] = await api.waitForJobs(bulkId);
      expect(job).toMatchObject({
        state: "completed",
        output: { feeds: ["tags", "lineage", "audit"].map((feed) => ({ feed, recorded: 1 })) },
      });
      const orders = ["acme", "SALES", "CORE", "ORDERS"];
      expect((await api.listTags(orders)).hits).toEqual([
        { objectPath: orders, column: "ID", name: "GOV.TAGS.PII", value: "yes", source: "Snowflake" },
      ]);
      expect((await api.listLineage(orders)).hits).toMatchObject([
        { source: { objectPath: orders }, target: { objectPath: ["acme", "SALES", "CORE", 'odd."name"'] }, kind: "dependency" },
      ]);
      expect((await api.listQueries(["acme"])).hits).toMatchObject([{ id: "q1", objects: [{ objectPath: orders, columns: ["ID"] }] }]);
    } finally {
      await api.close();
    }
  });
});

describeSnowflake("activity without privileges", () => {
  const account = useServer();

  it("says which grant is missing, or what to switch off", async () => {
    const { activity } = await openSession(connectionTo(account.server.port));
    const grant = `GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE ${ROLE}`;
    await expect(rows(activity!.streamTags())).rejects.toMatchObject({
      statusCode: 422,
      field: "connection.role",
      message:
        `connection.role: role ${ROLE} may not read SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES; ${grant}, ` +
        "or switch nativeIntegration.config.tags off",
    });
    await expect(rows(activity!.streamDependencies!())).rejects.toThrow(/OBJECT_DEPENDENCIES; GRANT .*\.config\.lineage off$/);
    await expect(rows(activity!.streamLineage(DAY))).rejects.toThrow(/config\.lineage off; ACCESS_HISTORY takes Enterprise Edition$/);
    await expect(rows(activity!.streamQueries(DAY))).rejects.toThrow(/QUERY_HISTORY and SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY; GRANT/);
  });
});
