import type { ActivityFeed, ActivityReader, ObservedDependency, ObservedLineage, ObservedQuery, TimeRange } from "../../../model/activity";
import { PlatformError } from "../../../model/errors";
import type { SnowflakeConnection } from "../connection";
import type { DriverSession, Row } from "../driver";
import { snowflakeError } from "../errors";
import { IMPORTED_PRIVILEGES, SNOWFLAKE_DATABASE } from "../privileges";
import type { Query } from "../tables";
import {
  HISTORY_LATENCY_SECONDS,
  dependenciesQuery,
  earliestStartQuery,
  lineageQuery,
  queriesQuery,
  serverTimeQuery,
  tagsQuery,
  viewName,
  type UsageView,
} from "./account-usage";
import { toTag } from "./tags";
import { accessesOf, columnLineage, isTableDomain, usedObjects } from "./used-objects";

/** The codes of "does not exist or not authorized" and of insufficient privileges. */
const NOT_AUTHORIZED = ["002003", "003001"];

/** What is read, for whom: named when it is refused. */
interface Reading {
  readonly feed: ActivityFeed;
  readonly views: readonly UsageView[];
}

const TAGS: Reading = { feed: "tags", views: ["TAG_REFERENCES"] };
const DEPENDENCIES: Reading = { feed: "lineage", views: ["OBJECT_DEPENDENCIES"] };
const LINEAGE: Reading = { feed: "lineage", views: ["QUERY_HISTORY", "ACCESS_HISTORY"] };
const QUERIES: Reading = { feed: "audit", views: ["QUERY_HISTORY", "ACCESS_HISTORY"] };

/** Reads SNOWFLAKE.ACCOUNT_USAGE. */
export function snowflakeActivity(
  connection: SnowflakeConnection,
  loggedIn: (signal: AbortSignal | undefined) => Promise<DriverSession>,
): ActivityReader {
  async function* rowsOf({ sql, binds }: Query, reading: Reading | undefined, signal: AbortSignal | undefined): AsyncGenerator<Row[]> {
    try {
      const driver = await loggedIn(signal);
      yield* await driver.stream(sql, [...binds], signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw (reading && refused(error, reading, connection)) ?? snowflakeError(error, connection);
    }
  }

  async function numberOf(query: Query, reading: Reading | undefined, signal: AbortSignal | undefined): Promise<number | undefined> {
    for await (const [row] of rowsOf(query, reading, signal)) return row?.[0] == null ? undefined : Number(row[0]);
    return undefined;
  }

  async function* history(
    queryOf: (range: TimeRange, earliestStart: number) => Query,
    range: TimeRange,
    reading: Reading,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Row[]> {
    const earliestStart = await numberOf(earliestStartQuery(range), reading, signal);
    if (earliestStart !== undefined) yield* rowsOf(queryOf(range, earliestStart), reading, signal);
  }

  return {
    latencySeconds: { lineage: HISTORY_LATENCY_SECONDS, audit: HISTORY_LATENCY_SECONDS },

    async serverTime(signal) {
      const time = await numberOf(serverTimeQuery, undefined, signal);
      if (time === undefined) throw new PlatformError(`${connection.hostname}: Snowflake did not tell its time; run it again`);
      return new Date(time).toISOString();
    },
    async *streamTags(signal) {
      for await (const rows of rowsOf(tagsQuery, TAGS, signal)) yield rows.map(toTag).filter((tag) => tag !== undefined);
    },
    async *streamDependencies(signal) {
      for await (const rows of rowsOf(dependenciesQuery, DEPENDENCIES, signal)) yield rows.flatMap(toDependency);
    },
    async *streamLineage(range, signal) {
      for await (const rows of history(lineageQuery, range, LINEAGE, signal)) yield rows.flatMap(toLineage);
    },
    async *streamQueries(range, signal) {
      for await (const rows of history(queriesQuery, range, QUERIES, signal)) yield rows.map(toQuery);
    },
  };
}

function toDependency(row: Row): ObservedDependency[] {
  const [database, schema, table, domain, ...referencing] = row as (string | null)[];
  const [toDatabase, toSchema, toTable, toDomain] = referencing;
  if (!isTableDomain(domain) || !isTableDomain(toDomain)) return [];
  if (!database || !schema || !table || !toDatabase || !toSchema || !toTable) return [];
  return [{ source: { database, schema, table }, target: { database: toDatabase, schema: toSchema, table: toTable } }];
}

function toLineage(row: Row): ObservedLineage[] {
  const [start, status, modified] = row as [number, string, string | null];
  return hasSucceeded(status) ? columnLineage(usedObjects(modified), timeOf(start)) : [];
}

/** Of a view, what it is made of was read too. */
function toQuery(row: Row): ObservedQuery {
  const [start, status, id, user, role, statementType, hash, ...used] = row as [number, ...(string | null)[]];
  const [direct, base, modified, byDdl] = used.map((json) => usedObjects(json ?? null));
  return {
    id: id!,
    at: timeOf(start),
    user: user ?? "",
    role: role || null,
    statementType: statementType ?? "UNKNOWN",
    succeeded: hasSucceeded(status),
    hash: hash || null,
    objects: [...accessesOf([...direct!, ...base!], "read"), ...accessesOf([...modified!, ...byDdl!], "write")],
  };
}

function hasSucceeded(status: string | null | undefined): boolean {
  return /^SUCCESS$/i.test(status ?? "");
}

function timeOf(milliseconds: number): string {
  return new Date(Number(milliseconds)).toISOString();
}

/** The role does not see the account's history; undefined where something else is wrong. */
function refused(error: unknown, { feed, views }: Reading, { role }: SnowflakeConnection): PlatformError | undefined {
  if (!NOT_AUTHORIZED.includes(String((error as { code?: unknown }).code))) return undefined;
  const edition = views.includes("ACCESS_HISTORY") ? "; ACCESS_HISTORY takes Enterprise Edition" : "";
  return new PlatformError(
    `connection.role: role ${role} may not read ${views.map(viewName).join(" and ")}; GRANT ${IMPORTED_PRIVILEGES} ON DATABASE ` +
      `${SNOWFLAKE_DATABASE} TO ROLE ${role}, or switch nativeIntegration.config.${feed} off${edition}`,
    { field: "connection.role" },
  );
}
