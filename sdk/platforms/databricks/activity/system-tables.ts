import type { TimeRange } from "../../../model/activity";
import type { Parameters } from "../driver";
import type { SystemSchema } from "../privileges";
import type { Query } from "../tables";

/** Where Databricks describes the tables: their columns, and how late they may be. */
export const SYSTEM_TABLES_PAGE = "https://docs.databricks.com/admin/system-tables/";

/**
 * How late a row may be told, in seconds. Databricks promises no time; of the query history it says that rows usually are there
 * within an hour.
 */
export const LATENCY_SECONDS = 4 * 3_600;

/** Unless a workspace is configured otherwise, no statement runs for longer (Databricks: STATEMENT_TIMEOUT). */
const LONGEST_STATEMENT_DAYS = 2;

const DAY = 24 * 3_600_000;

/** Reads nothing, where it may. */
export function probeQuery(schema: SystemSchema): string {
  return `SELECT 1 FROM system.${schema === "access" ? "access.table_lineage" : "query.history"} LIMIT 0`;
}

export const SERVER_TIME_QUERY = "SELECT unix_millis(current_timestamp()) AS now";

/**
 * Each edge once, between columns where they are told and between tables where they are not, with when it was seen first and last in
 * the range. Of paths and other things that are no tables there are no names.
 */
export function lineageQuery(range: TimeRange): Query {
  const edges = (table: string, columns: string) =>
    `SELECT ${names("source")}, ${names("target")}, ${columns}, event_time FROM system.access.${table} WHERE ${IN_RANGE} ` +
    "AND source_table_name IS NOT NULL AND target_table_name IS NOT NULL";
  const ofColumns = edges("column_lineage", "source_column_name, target_column_name");
  const ofTables = edges("table_lineage", "CAST(NULL AS STRING) AS source_column_name, CAST(NULL AS STRING) AS target_column_name");
  const all = `${names("source")}, ${names("target")}, source_column_name, target_column_name`;
  const onTables = ["source", "target"].flatMap((end) => NAMES.map((name) => `c.${end}_table_${name} = t.${end}_table_${name}`));
  return {
    sql:
      `WITH c AS (${ofColumns}), t AS (${ofTables}), edges AS (SELECT * FROM c UNION ALL SELECT t.* FROM t LEFT ANTI JOIN c ON ${onTables.join(" AND ")}) ` +
      `SELECT ${all}, unix_millis(min(event_time)) AS first_seen, unix_millis(max(event_time)) AS last_seen FROM edges GROUP BY ${all}`,
    parameters: rangeParameters(range, 0),
  };
}

/**
 * The earliest start among the statements that ended in a range: null when none did. Ranges go by the end, because a statement is
 * told of when it has ended, days after its start perhaps; lineage goes by days.
 */
export function earliestStartQuery(range: TimeRange, workspaceIds: readonly string[] | undefined): Query {
  const inWorkspaces = workspaces("h", workspaceIds);
  return {
    sql: `SELECT unix_millis(min(h.start_time)) AS earliest FROM system.query.history h WHERE ${ENDED_IN_RANGE}${inWorkspaces.sql}`,
    parameters: { ...bounds(range), ...inWorkspaces.parameters },
  };
}

/** Statements of SQL warehouses and serverless compute, with the tables that their lineage names. Their text is not asked for. */
export function statementsQuery(range: TimeRange, earliestStart: number, workspaceIds: readonly string[] | undefined): Query {
  const used = (table: string, end: "source" | "target", column: string) =>
    `SELECT statement_id, named_struct('access', '${end === "source" ? "read" : "write"}', ` +
    `${NAMES.map((name) => `'${name}', ${end}_table_${name}`).join(", ")}, 'column', ${column}) AS used FROM system.access.${table} ` +
    `WHERE ${IN_DAYS} AND statement_id IS NOT NULL AND ${end}_table_name IS NOT NULL`;
  const all = [
    used("table_lineage", "source", "CAST(NULL AS STRING)"),
    used("table_lineage", "target", "CAST(NULL AS STRING)"),
    used("column_lineage", "source", "source_column_name"),
    used("column_lineage", "target", "target_column_name"),
  ];
  const inWorkspaces = workspaces("h", workspaceIds);
  return {
    sql:
      "SELECT h.statement_id AS id, unix_millis(h.start_time) AS started, h.executed_by AS actor, h.statement_type AS type, " +
      "h.execution_status AS status, to_json(l.used) AS used FROM system.query.history h " +
      `JOIN (SELECT statement_id, collect_set(used) AS used FROM (${all.join(" UNION ALL ")}) GROUP BY statement_id) l ` +
      `ON l.statement_id = h.statement_id WHERE ${ENDED_IN_RANGE}${inWorkspaces.sql}`,
    parameters: { ...bounds(range), ...days(earliestStart, Date.parse(range.to)), ...inWorkspaces.parameters },
  };
}

/** What the catalog gave access to, what it refused, and what was made, changed or dropped in it. */
const ACTIONS = ["generateTemporaryTableCredential", "createTable", "updateTables", "deleteTable", "getTable"];
/** Above these an answer of the catalog refuses. */
const REFUSED = 400;

/**
 * Accesses that the query history does not have: those of clusters, and those that were refused. Of a table that somebody merely
 * looked up only the refusal is told. What a statement of the history explains, by the same user and of the same table while it
 * ran, is left out.
 */
export function eventsQuery(range: TimeRange, workspaceIds: readonly string[] | undefined): Query {
  const inWorkspaces = workspaces("a", workspaceIds);
  // The catalog keeps names in lower case; what was asked for may be written otherwise.
  const name =
    "lower(coalesce(a.request_params['table_full_name'], a.request_params['full_name_arg'], " +
    "concat_ws('.', a.request_params['catalog_name'], a.request_params['schema_name'], a.request_params['name'])))";
  const events =
    "SELECT a.event_id, a.event_time, a.user_identity.email AS actor, a.action_name, a.response.status_code AS status, " +
    `a.request_params['operation'] AS operation, ${name} AS full_name FROM system.access.audit a ` +
    `WHERE a.service_name = 'unityCatalog' AND a.action_name IN (${ACTIONS.map((action) => `'${action}'`).join(", ")}) ` +
    `AND (a.action_name <> 'getTable' OR a.response.status_code >= ${REFUSED}) ` +
    `AND coalesce(a.request_params['metastore_id'], ${METASTORE}) = ${METASTORE} ` +
    `AND a.event_date BETWEEN ${FIRST_DAY} AND ${LAST_DAY} AND a.event_time >= ${FROM} AND a.event_time < ${TO}${inWorkspaces.sql}`;
  const tables = ["source", "target"].map(
    (end) => `SELECT statement_id, lower(${end}_table_full_name) AS full_name FROM system.access.table_lineage WHERE ${IN_DAYS}`,
  );
  const explained =
    "SELECT h.executed_by, h.start_time, h.end_time, l.full_name FROM system.query.history h " +
    `JOIN (${tables.join(" UNION ALL ")}) l ON l.statement_id = h.statement_id WHERE h.end_time >= ${FROM} AND h.start_time < ${TO}`;
  return {
    sql:
      "SELECT e.event_id AS id, unix_millis(e.event_time) AS started, e.actor, e.action_name AS action, e.status, e.operation, e.full_name " +
      `FROM (${events}) e LEFT ANTI JOIN (${explained}) s ON s.executed_by = e.actor AND s.full_name = e.full_name ` +
      "AND e.event_time BETWEEN s.start_time AND s.end_time",
    parameters: { ...rangeParameters(range, LONGEST_STATEMENT_DAYS), ...inWorkspaces.parameters },
  };
}

/** The parts of a table's name in the lineage's columns. */
const NAMES = ["catalog", "schema", "name"] as const;

function names(end: "source" | "target"): string {
  return NAMES.map((name) => `${end}_table_${name}`).join(", ");
}

const FROM = "CAST(:range_start AS TIMESTAMP)";
const TO = "CAST(:range_end AS TIMESTAMP)";
const FIRST_DAY = "CAST(:first_day AS DATE)";
const LAST_DAY = "CAST(:last_day AS DATE)";
/** A region may have several metastores, and they the same names. */
const METASTORE = "split_part(current_metastore(), ':', 3)";
const IN_DAYS = `metastore_id = ${METASTORE} AND event_date BETWEEN ${FIRST_DAY} AND ${LAST_DAY}`;
const IN_RANGE = `${IN_DAYS} AND event_time >= ${FROM} AND event_time < ${TO}`;
const ENDED_IN_RANGE = `h.end_time >= ${FROM} AND h.end_time < ${TO}`;

function bounds({ from, to }: TimeRange): Parameters {
  return { range_start: from, range_end: to };
}

function rangeParameters(range: TimeRange, daysAround: number): Parameters {
  return { ...bounds(range), ...days(Date.parse(range.from) - daysAround * DAY, Date.parse(range.to) + daysAround * DAY) };
}

/** Tables are laid out by days, which only these let the server leave out; a day more on each side, wherever it draws the line. */
function days(from: number, to: number): Parameters {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  return { first_day: day(from - DAY), last_day: day(to + DAY) };
}

function workspaces(alias: string, ids: readonly string[] | undefined): Query {
  if (ids === undefined) return { sql: "", parameters: {} };
  const parameters = Object.fromEntries(ids.map((id, index) => [`workspace${index}`, id]));
  const list = Object.keys(parameters).map((name) => `:${name}`);
  // One table has it as a number, the other as a text.
  return { sql: ` AND CAST(${alias}.workspace_id AS STRING) IN (${list.join(", ")})`, parameters };
}
