import type { ActivityFeed, ActivityReader, TimeRange } from "../../../model/activity";
import { PlatformError } from "../../../model/errors";
import type { DatabricksConnection } from "../connection";
import type { Row } from "../driver";
import { isSystemRefused } from "../errors";
import { grantSql } from "../grants";
import type { Metastore } from "../metastore";
import { SYSTEM_CATALOG, ON_SYSTEM_CATALOG, ON_SYSTEM_SCHEMAS, SYSTEM_SCHEMAS_OF } from "../privileges";
import type { Query } from "../tables";
import { toEvent, toLineage, toStatement } from "./rows";
import { LATENCY_SECONDS, SERVER_TIME_QUERY, earliestStartQuery, eventsQuery, lineageQuery, statementsQuery } from "./system-tables";
import { tagsQuery, toTag } from "./tags";

export interface ActivityParts {
  readonly connection: DatabricksConnection;
  /** Whose statements are read; those of all workspaces when undefined. */
  readonly workspaceIds: readonly string[] | undefined;
  readonly open: (signal: AbortSignal | undefined) => Promise<Metastore>;
  /** Whatever was thrown, as an error with a next step. */
  readonly explain: (error: unknown, signal: AbortSignal | undefined, database?: string) => unknown;
}

/** Reads the metastore's tags, and `system.access` and `system.query`. */
export function databricksActivity({ connection, workspaceIds, open, explain }: ActivityParts): ActivityReader {
  async function* rowsOf(
    { sql, parameters }: Query,
    feed: ActivityFeed | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Row[]> {
    try {
      const { driver } = await open(signal);
      yield* await driver.stream(sql, parameters, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw (feed && refused(error, feed, connection)) ?? explain(error, signal);
    }
  }

  async function numberOf(query: Query, feed: ActivityFeed | undefined, signal: AbortSignal | undefined): Promise<number | undefined> {
    for await (const [row] of rowsOf(query, feed, signal)) {
      const value = row === undefined ? null : Object.values(row)[0];
      return value === null ? undefined : Number(value);
    }
    return undefined;
  }

  async function catalogsWithTags(signal: AbortSignal | undefined): Promise<readonly string[]> {
    try {
      const { source, databases } = await open(signal);
      return source === "system" ? [SYSTEM_CATALOG] : databases.map(({ name }) => name).filter((name) => name !== SYSTEM_CATALOG);
    } catch (error) {
      throw explain(error, signal);
    }
  }

  return {
    latencySeconds: { lineage: LATENCY_SECONDS, audit: LATENCY_SECONDS },

    async serverTime(signal) {
      const time = await numberOf({ sql: SERVER_TIME_QUERY, parameters: {} }, undefined, signal);
      if (time === undefined) throw new PlatformError(`${connection.hostname}: Databricks did not tell its time; run it again`);
      return new Date(time).toISOString();
    },
    async *streamTags(signal) {
      for (const catalog of await catalogsWithTags(signal)) {
        for await (const rows of rowsOf({ sql: tagsQuery(catalog), parameters: {} }, undefined, signal)) yield rows.map(toTag);
      }
    },
    async *streamLineage(range, signal) {
      for await (const rows of rowsOf(lineageQuery(range), "lineage", signal)) yield rows.flatMap(toLineage);
    },
    async *streamQueries(range, signal) {
      const earliestStart = await numberOf(earliestStartQuery(range, workspaceIds), "audit", signal);
      if (earliestStart !== undefined) {
        const statements = statementsQuery(range, earliestStart, workspaceIds);
        for await (const rows of rowsOf(statements, "audit", signal)) yield rows.map(toStatement);
      }
      for await (const rows of rowsOf(eventsQuery(settled(range), workspaceIds), "audit", signal)) yield rows.flatMap(toEvent);
    },
  };
}

/**
 * Events are read later by the latency, when the statements that explain them are known. Ranges follow each other without a gap, and
 * so do these.
 */
function settled({ from, to }: TimeRange): TimeRange {
  const earlier = (time: string) => new Date(Date.parse(time) - LATENCY_SECONDS * 1_000).toISOString();
  return { from: earlier(from), to: earlier(to) };
}

/** The identity does not see the account's system tables; undefined where something else is wrong. */
function refused(error: unknown, feed: ActivityFeed, { oAuthClientConfig }: DatabricksConnection): PlatformError | undefined {
  if (!isSystemRefused(error)) return undefined;
  const schemas = SYSTEM_SCHEMAS_OF[feed];
  // A service principal is granted to by its application id, which is what it logs in with.
  const principal = oAuthClientConfig?.clientId ?? "<principal>";
  const grants = [
    grantSql(ON_SYSTEM_CATALOG, [SYSTEM_CATALOG], principal),
    ...schemas.map((schema) => grantSql(ON_SYSTEM_SCHEMAS, [SYSTEM_CATALOG, schema], principal)),
  ];
  const named = schemas.map((schema) => `${SYSTEM_CATALOG}.${schema}`).join(" and ");
  return new PlatformError(
    `connection: the identity may not read ${named}; ${grants.join(" ")} (an account admin has to enable these schemas first), ` +
      `or switch nativeIntegration.config.${feed} off`,
    { field: "connection" },
  );
}
