import type { TimeRange } from "../../../model/activity";
import type { Query } from "../tables";

/** The views that are read, all in SNOWFLAKE.ACCOUNT_USAGE. */
export type UsageView = "TAG_REFERENCES" | "OBJECT_DEPENDENCIES" | "QUERY_HISTORY" | "ACCESS_HISTORY";

/** Where Snowflake's documentation describes a view: its columns, and how late it may be. */
export const USAGE_PAGES = "https://docs.snowflake.com/en/sql-reference/account-usage";

/**
 * How late a row may be told, in seconds, by the pages of the views: QUERY_HISTORY 45 minutes, ACCESS_HISTORY 3 hours. A row of
 * both is there when the later one is. (TAG_REFERENCES 2 hours and OBJECT_DEPENDENCIES 3 hours are read whole each time.)
 */
export const HISTORY_LATENCY_SECONDS = 3 * 3_600;

/** The two histories tell a statement's start apart by less than this, in milliseconds. */
const SAME_START = 60_000;

export function viewName(view: UsageView): string {
  return `SNOWFLAKE.ACCOUNT_USAGE.${view}`;
}

export const serverTimeQuery: Query = { sql: "SELECT DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())", binds: [] };

/** Tags that were set on something itself; what it inherits is not there. */
export const tagsQuery: Query = {
  sql:
    "SELECT TAG_DATABASE, TAG_SCHEMA, TAG_NAME, TAG_VALUE, OBJECT_DATABASE, OBJECT_SCHEMA, OBJECT_NAME, COLUMN_NAME, DOMAIN " +
    `FROM ${viewName("TAG_REFERENCES")} WHERE OBJECT_DELETED IS NULL`,
  binds: [],
};

export const dependenciesQuery: Query = {
  sql:
    "SELECT REFERENCED_DATABASE, REFERENCED_SCHEMA, REFERENCED_OBJECT_NAME, REFERENCED_OBJECT_DOMAIN, " +
    "REFERENCING_DATABASE, REFERENCING_SCHEMA, REFERENCING_OBJECT_NAME, REFERENCING_OBJECT_DOMAIN " +
    `FROM ${viewName("OBJECT_DEPENDENCIES")}`,
  binds: [],
};

/**
 * The earliest start among the statements that ended in a range: null when none did. Ranges go by the end, because a statement is
 * told of when it has ended, days after its start perhaps; but ACCESS_HISTORY knows starts only.
 */
export function earliestStartQuery(range: TimeRange): Query {
  return {
    sql: `SELECT DATE_PART(EPOCH_MILLISECOND, MIN(START_TIME)) FROM ${viewName("QUERY_HISTORY")} WHERE END_TIME >= ${TIME} AND END_TIME < ${TIME}`,
    binds: [timeOf(range.from), timeOf(range.to)],
  };
}

/** Statements that wrote, with where each written column comes from. */
export function lineageQuery(range: TimeRange, earliestStart: number): Query {
  return historyQuery("H.EXECUTION_STATUS, TO_JSON(A.OBJECTS_MODIFIED)", range, earliestStart);
}

/** Statements with what they used. Their text is not asked for. */
export function queriesQuery(range: TimeRange, earliestStart: number): Query {
  const columns =
    "H.EXECUTION_STATUS, H.QUERY_ID, H.USER_NAME, H.ROLE_NAME, H.QUERY_TYPE, H.QUERY_PARAMETERIZED_HASH, " +
    "TO_JSON(A.DIRECT_OBJECTS_ACCESSED), TO_JSON(A.BASE_OBJECTS_ACCESSED), TO_JSON(A.OBJECTS_MODIFIED), TO_JSON(A.OBJECT_MODIFIED_BY_DDL)";
  return historyQuery(columns, range, earliestStart);
}

/** No function stands around a column of time, so that the server reads those days only. */
function historyQuery(columns: string, range: TimeRange, earliestStart: number): Query {
  return {
    sql:
      `SELECT DATE_PART(EPOCH_MILLISECOND, H.START_TIME), ${columns} ` +
      `FROM ${viewName("QUERY_HISTORY")} H JOIN ${viewName("ACCESS_HISTORY")} A ON A.QUERY_ID = H.QUERY_ID ` +
      `WHERE H.END_TIME >= ${TIME} AND H.END_TIME < ${TIME} AND A.QUERY_START_TIME >= ${TIME} AND A.QUERY_START_TIME < ${TIME}`,
    binds: [
      timeOf(range.from),
      timeOf(range.to),
      timeOf(new Date(earliestStart - SAME_START).toISOString()),
      timeOf(new Date(Date.parse(range.to) + SAME_START).toISOString()),
    ],
  };
}

const TIME = "CAST(? AS TIMESTAMP_LTZ)";

/** In one of the forms that Snowflake knows whatever the session's formats are. */
function timeOf(iso: string): string {
  return iso.replace("Z", "+00:00");
}
