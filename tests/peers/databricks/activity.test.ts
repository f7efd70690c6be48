import { join } from "node:path";
import { openLocal } from "../../../sdk";
import type { ActivityReader, TimeRange } from "../../../sdk/model/activity";
import { databricksPlatform } from "../../../sdk/platforms/databricks";
import { temporaryFolder } from "../../support/temporary";
import { sessionOf } from "../sessions";
import { describeDatabricks, putTableSql, text, useWorkspace } from "./harness";

const DAY: TimeRange = { from: "2026-01-09T00:00:00.000Z", to: "2026-01-10T00:00:00.000Z" };
const METASTORE = "11111111-2222-3333-4444-555555555555";
const ORDERS = { database: "sales", schema: "core", table: "orders" };
const TOTALS = { database: "sales", schema: "core", table: "totals`$" };
type Table = typeof ORDERS;

const fullName = ({ database, schema, table }: Table) => `${database}.${schema}.${table}`;
const row = (place: string, parts: object) => `SELECT metastore.put_row(${text(place)}, ${text(JSON.stringify(parts))})`;

/** The columns of one end of a lineage row. */
function end(name: "source" | "target", table: Table | undefined, column?: string): object {
  if (table === undefined) return {};
  return {
    [`${name}_table_full_name`]: fullName(table),
    [`${name}_table_catalog`]: table.database,
    [`${name}_table_schema`]: table.schema,
    [`${name}_table_name`]: table.table,
    ...(column !== undefined && { [`${name}_column_name`]: column }),
  };
}

interface Lineage {
  readonly source?: Table;
  readonly target?: Table;
  readonly columns?: readonly [source: string, target?: string];
  readonly at?: string;
  readonly statement?: string;
  readonly metastore?: string;
}

function lineage({ source, target, columns, at = "2026-01-09T10:00:00Z", statement, metastore = METASTORE }: Lineage): string {
  return row(columns === undefined ? "access.table_lineage" : "access.column_lineage", {
    ...end("source", source, columns?.[0]),
    ...end("target", target, columns?.[1]),
    metastore_id: metastore,
    workspace_id: "7",
    event_time: at,
    statement_id: statement,
  });
}

interface Statement {
  readonly id: string;
  readonly start?: string;
  readonly end?: string;
  readonly status?: string;
  readonly workspace?: string;
}

function statement({ id, start = "2026-01-09T10:00:00Z", end: ended = start, status = "FINISHED", workspace = "7" }: Statement): string {
  return row("query.history", {
    statement_id: id,
    workspace_id: workspace,
    execution_status: status,
    executed_by: "anne@acme.example",
    statement_text: "SELECT 's3cret'",
    statement_type: "SELECT",
    start_time: start,
    end_time: ended,
  });
}

function event(id: string, action: string, params: object, part: { at?: string; status?: number; workspace?: number } = {}): string {
  const { at = "2026-01-09T15:00:00Z", status = 200, workspace = 7 } = part;
  return row("access.audit", {
    event_id: id,
    event_time: at,
    workspace_id: workspace,
    service_name: "unityCatalog",
    action_name: action,
    user_identity: JSON.stringify({ email: "anne@acme.example", subject_name: null }),
    request_params: JSON.stringify(params),
    response: JSON.stringify({ status_code: status }),
  });
}

describeDatabricks("activity on Databricks", () => {
  const workspace = useWorkspace();
  beforeEach(() => workspace.change("SELECT metastore.clear_activity()"));

  async function reader(config: object = {}): Promise<ActivityReader> {
    const platform = databricksPlatform();
    const integration = { type: "Databricks", autoBootstrap: false as const, config: { ...config } };
    return (await sessionOf(platform, workspace.connection(), { integration })).activity!;
  }
  async function rows<Row>(batches: AsyncIterable<Row[]>): Promise<Row[]> {
    const all: Row[] = [];
    for await (const batch of batches) all.push(...batch);
    return all;
  }
  const queries = async (config: object = {}, range = DAY) => {
    const found = await rows((await reader(config)).streamQueries(range));
    return found.sort((a, b) => a.id.localeCompare(b.id));
  };
  const ids = async (config: object = {}, range = DAY) => (await queries(config, range)).map(({ id }) => id);

  it("tells its time", async () => {
    expect(Math.abs(Date.parse(await (await reader()).serverTime()) - Date.now())).toBeLessThan(60_000);
  });

  it("reads tags of catalogs, schemas, tables and columns", async () => {
    const insert = (level: string, ...values: string[]) =>
      `INSERT INTO information_schema.${level}_tags VALUES (${[...values, "pii", "yes"].map(text).join()})`;
    await workspace.change(
      insert("catalog", "sales"),
      insert("schema", "sales", "it's"),
      insert("table", "sales", "core", TOTALS.table),
      insert("column", "sales", "core", "orders", "e mail"),
      "INSERT INTO information_schema.catalog_tags VALUES ('hr', 'bare', '')",
    );
    const found = await rows((await reader()).streamTags());
    const tag = { name: "pii", value: "yes" };
    expect(found).toHaveLength(5);
    expect(found).toEqual(
      expect.arrayContaining([
        { database: "sales", ...tag },
        { database: "sales", schema: "it's", ...tag },
        { ...TOTALS, ...tag },
        { ...ORDERS, column: "e mail", ...tag },
        { database: "hr", name: "bare", value: "" },
      ]),
    );
  });

  it("reads tags from each catalog where those of all are not granted", async () => {
    await workspace.change(
      ...["first", "second"].map((catalog) => `SELECT metastore.put_catalog(${text(catalog)})`),
      ...["first", "second", "third"].map(
        (catalog) => `INSERT INTO information_schema.schema_tags VALUES (${text(catalog)}, 's', 'pii', '')`,
      ),
    );
    workspace.bridge.catalogs = ["first", "second", "system"].map((name) => ({ name }));
    const fails =
      "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have USE SCHEMA on Schema 'system.information_schema'.";
    workspace.bridge.disturb = ({ statement: sql }) => (/`?system`?\.information_schema/.test(sql) ? { fails } : undefined);
    expect((await rows((await reader()).streamTags())).map(({ database }) => database)).toEqual(["first", "second"]);
  });

  it("reads edges between columns, and between tables where no columns are told; each once, with its first and last time", async () => {
    await workspace.change(
      lineage({ source: ORDERS, target: TOTALS }),
      lineage({ source: ORDERS, target: TOTALS, columns: ["id", "id"], at: "2026-01-09T10:00:00Z" }),
      lineage({ source: ORDERS, target: TOTALS, columns: ["id", "id"], at: "2026-01-09T11:00:00Z" }),
      lineage({ source: ORDERS, target: TOTALS, columns: ["id", "id"], at: "2026-01-09T12:00:00Z" }),
      lineage({ source: TOTALS, target: ORDERS }),
      // Read without being written on; of a path; before and after the range; of another metastore.
      lineage({ source: TOTALS, columns: ["id"] }),
      lineage({ target: TOTALS }),
      lineage({ source: TOTALS, target: ORDERS, at: "2026-01-08T23:59:59Z" }),
      lineage({ source: TOTALS, target: ORDERS, at: "2026-01-10T00:00:00Z" }),
      lineage({ source: ORDERS, target: TOTALS, columns: ["x", "y"], metastore: "another" }),
    );
    const found = await rows((await reader()).streamLineage(DAY));
    const ofColumns = { source: ORDERS, target: TOTALS, sourceColumn: "id", targetColumn: "id" };
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        { ...ofColumns, at: "2026-01-09T10:00:00.000Z" },
        { ...ofColumns, at: "2026-01-09T12:00:00.000Z" },
        { source: TOTALS, target: ORDERS, at: "2026-01-09T10:00:00.000Z" },
      ]),
    );
  });

  it("reads statements with the tables and columns that they read and wrote; never their text", async () => {
    await workspace.change(
      statement({ id: "s1" }),
      lineage({ source: ORDERS, target: TOTALS, statement: "s1" }),
      lineage({ source: ORDERS, target: TOTALS, columns: ["id", "id"], statement: "s1" }),
      lineage({ source: ORDERS, target: TOTALS, columns: ["amount", "total"], statement: "s1" }),
      statement({ id: "s2", status: "FAILED" }),
      lineage({ source: ORDERS, statement: "s2" }),
      statement({ id: "used nothing" }),
    );
    const found = await queries();
    const common = { at: "2026-01-09T10:00:00.000Z", user: "anne@acme.example", role: null, statementType: "SELECT", hash: null };
    const [first, second, ...more] = found;
    expect(first).toMatchObject({ ...common, id: "s1", succeeded: true });
    expect(first!.objects).toHaveLength(2);
    expect(first!.objects).toEqual(
      expect.arrayContaining([
        { ...ORDERS, access: "read", columns: ["amount", "id"] },
        { ...TOTALS, access: "write", columns: ["id", "total"] },
      ]),
    );
    expect(second).toEqual({ ...common, id: "s2", succeeded: false, objects: [{ ...ORDERS, access: "read", columns: [] }] });
    expect(more).toEqual([]);
    expect(JSON.stringify(found)).not.toContain("s3cret");
    expect(workspace.bridge.sent.some(({ statement: sql }) => /statement_text|SELECT \*\s+FROM system\.query/i.test(sql))).toBe(false);
  });

  it("reads the statements that ended in the range, however long before they began, each in one range", async () => {
    const at = (id: string, start: string, ended: string) => [
      statement({ id, start, end: ended }),
      lineage({ source: ORDERS, statement: id, at: start }),
    ];
    await workspace.change(
      ...at("before", "2026-01-08T23:00:00Z", "2026-01-08T23:59:59.999Z"),
      ...at("at the start", "2026-01-08T23:00:00Z", "2026-01-09T00:00:00Z"),
      ...at("ran for days", "2026-01-05T10:00:00Z", "2026-01-09T10:00:00Z"),
      ...at("at the end", "2026-01-09T23:00:00Z", "2026-01-10T00:00:00Z"),
    );
    expect(await ids()).toEqual(["at the start", "ran for days"]);
    expect(await ids({}, { from: DAY.to, to: "2026-01-11T00:00:00.000Z" })).toEqual(["at the end"]);
    expect(await ids({}, { from: "2026-01-11T00:00:00.000Z", to: "2026-01-12T00:00:00.000Z" })).toEqual([]);
  });

  it("reads what clusters accessed, what was refused and what was altered, from the audit log", async () => {
    await workspace.change(
      event("e1", "generateTemporaryTableCredential", { table_full_name: "Sales.Core.Orders", operation: "READ" }),
      event("e2", "generateTemporaryTableCredential", { table_full_name: fullName(TOTALS), operation: "READ_WRITE" }),
      event("e3", "generateTemporaryTableCredential", { table_full_name: fullName(ORDERS), operation: "READ" }, { status: 403 }),
      event("e4", "getTable", { full_name_arg: fullName(ORDERS) }, { status: 403 }),
      event("e5", "createTable", { catalog_name: "sales", schema_name: "core", name: "orders" }),
      event("e6", "deleteTable", { full_name_arg: fullName(ORDERS), metastore_id: METASTORE }),
      event("merely looked up", "getTable", { full_name_arg: fullName(ORDERS) }),
      event("something else", "updatePermissions", { full_name_arg: fullName(ORDERS) }),
      event("no table", "generateTemporaryTableCredential", { table_full_name: "nothing" }),
      event("of another metastore", "deleteTable", { full_name_arg: fullName(ORDERS), metastore_id: "another" }),
    );
    const found = await queries();
    expect(found.map(({ id, statementType, succeeded, objects }) => [id, statementType, succeeded, objects[0]!.access])).toEqual([
      ["e1", "generateTemporaryTableCredential", true, "read"],
      ["e2", "generateTemporaryTableCredential", true, "write"],
      ["e3", "generateTemporaryTableCredential", false, "read"],
      ["e4", "getTable", false, "read"],
      ["e5", "createTable", true, "write"],
      ["e6", "deleteTable", true, "write"],
    ]);
    expect(found[0]).toMatchObject({ at: "2026-01-09T15:00:00.000Z", user: "anne@acme.example", objects: [ORDERS] });
  });

  it("reads no event that a statement explains, and each other event in one range", async () => {
    const credential = (id: string, at: string, table = ORDERS) =>
      event(id, "generateTemporaryTableCredential", { table_full_name: fullName(table), operation: "READ" }, { at });
    await workspace.change(
      statement({ id: "s1", start: "2026-01-09T10:00:00Z", end: "2026-01-09T10:10:00Z" }),
      lineage({ source: ORDERS, statement: "s1" }),
      credential("explained", "2026-01-09T10:05:00Z"),
      credential("of another table", "2026-01-09T10:05:00Z", TOTALS),
      credential("after it", "2026-01-09T10:11:00Z"),
      credential("late", "2026-01-09T21:00:00Z"),
    );
    expect(await ids()).toEqual(["after it", "of another table", "s1"]);
    expect(await ids({}, { from: DAY.to, to: "2026-01-11T00:00:00.000Z" })).toEqual(["late"]);
  });

  it("is limited to the workspaces that the integration names", async () => {
    await workspace.change(
      ...["7", "8", "9"].flatMap((id) => [
        statement({ id: `s${id}`, workspace: id }),
        lineage({ source: ORDERS, statement: `s${id}` }),
        event(`e${id}`, "deleteTable", { full_name_arg: fullName(ORDERS) }, { workspace: Number(id) }),
      ]),
    );
    expect(await ids()).toEqual(["e7", "e8", "e9", "s7", "s8", "s9"]);
    expect(await ids({ workspaceIds: ["7", "9"] })).toEqual(["e7", "e9", "s7", "s9"]);
  });

  it.each([
    ["lineage", "access", ["access"]],
    ["audit", "query", ["access", "query"]],
  ] as const)("says what %s takes where system.%s is not granted", async (feed, schema, schemas) => {
    const fails = `[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have USE SCHEMA on Schema 'system.${schema}'. SQLSTATE: 42501`;
    workspace.bridge.disturb = ({ statement: sql }) => (sql.includes(`system.${schema}.`) ? { fails } : undefined);
    const activity = await reader();
    const reading = feed === "lineage" ? rows<unknown>(activity.streamLineage(DAY)) : rows<unknown>(activity.streamQueries(DAY));
    const grants = schemas.map((one) => `GRANT USE SCHEMA, SELECT ON SCHEMA \`system\`.\`${one}\` TO \`<principal>\`; `).join("");
    await expect(reading).rejects.toThrow(
      `connection: the identity may not read ${schemas.map((one) => `system.${one}`).join(" and ")}; GRANT USE CATALOG ON CATALOG \`system\` ` +
        `TO \`<principal>\`; ${grants}(an account admin has to enable these schemas first), or switch nativeIntegration.config.${feed} off`,
    );
  });

  it("is kept with the objects by a sync, and read on from where the last one ended", async () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    await workspace.change(
      "SELECT metastore.clear()",
      putTableSql(["sales", "core", "orders"]),
      putTableSql(["sales", "core", TOTALS.table], undefined, "VIEW"),
      "INSERT INTO information_schema.table_tags VALUES ('sales', 'core', 'orders', 'pii', 'yes')",
      statement({ id: "s1", start: hoursAgo(30) }),
      lineage({ source: ORDERS, target: TOTALS, at: hoursAgo(30), statement: "s1" }),
    );
    const api = openLocal({ store: join(temporaryFolder(), "connections.db") });
    const connection = workspace.connection();
    const { hostname: host, technology, ...values } = connection as Record<string, unknown>;
    const on = { enabled: true };
    const config = { host, ...values, tags: on, lineage: on, audit: on };
    const nativeIntegration = { type: technology as string, autoBootstrap: false as const, unityCatalog: true, config };
    const { bulkId } = await api.registerConnection({ connectionKey: "dbx", connection, nativeIntegration });
    expect((await api.waitForJobs(bulkId))[0]!.output!.feeds).toEqual([
      { feed: "tags", recorded: 1 },
      { feed: "lineage", recorded: 1 },
      { feed: "audit", recorded: 1 },
    ]);
    const path = ["dbx", "sales", "core", "orders"];
    expect((await api.listTags(path)).hits).toMatchObject([{ name: "pii", value: "yes", source: "Databricks" }]);
    expect((await api.listLineage(path)).hits).toMatchObject([
      { target: { objectPath: ["dbx", "sales", "core", TOTALS.table] }, kind: "query" },
    ]);
    expect((await api.listQueries(path)).hits).toMatchObject([{ id: "s1", user: "anne@acme.example" }]);

    workspace.bridge.sent.length = 0;
    await workspace.change(statement({ id: "s2", start: hoursAgo(1) }), lineage({ source: ORDERS, at: hoursAgo(1), statement: "s2" }));
    await api.waitForJobs((await api.crawl(["dbx"])).bulkId);
    expect((await api.listQueries(path)).hits.map(({ id }) => id)).toEqual(["s2", "s1"]);
    // Of the days before, nothing is asked for again.
    expect(workspace.bridge.sent.filter(({ statement: sql }) => sql.includes("AS earliest"))).toHaveLength(1);
    await api.close();
  });
});
