import type { ActivityFeed, ObservedQuery, TableName } from "../../sdk/model/activity";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { Job } from "../../sdk/model/job";
import type { NativeIntegration } from "../../sdk/model/registration";

/** An integration in memory with some feeds switched on. */
export function withFeeds(...feeds: readonly ActivityFeed[]): NativeIntegration {
  return { type: "Memory", autoBootstrap: false, config: Object.fromEntries(feeds.map((feed) => [feed, { enabled: true }])) };
}

/** Registers `warehouse` with some feeds, and waits for its first sync. */
export async function registerWithFeeds(api: ConnectionsApi, ...feeds: readonly ActivityFeed[]): Promise<Job> {
  const connection = { technology: "Memory", account: "warehouse", password: "hunter2-hunter2" };
  const { bulkId } = await api.registerConnection({ connectionKey: "warehouse", connection, nativeIntegration: withFeeds(...feeds) });
  return endedJob(api, bulkId);
}

/** Syncs the whole connection. */
export async function syncJob(api: ConnectionsApi): Promise<Job> {
  return endedJob(api, (await api.crawl(["warehouse"])).bulkId);
}

async function endedJob(api: ConnectionsApi, bulkId: string): Promise<Job> {
  const [job] = await api.waitForJobs(bulkId);
  return job!;
}

/** `sales.main` and a table. */
export function tableNamed(table: string, schema = "main"): TableName {
  return { database: "sales", schema, table };
}

/** A statement that read one table and, with `into`, wrote another. */
export function statement(id: string, at: string, table: TableName, into?: TableName): ObservedQuery {
  const read = { ...table, access: "read" as const, columns: ["id"] };
  const written = into && { ...into, access: "write" as const, columns: ["id"] };
  return {
    ...{ id, at, user: "ANNE", role: "ANALYST", succeeded: true, hash: "h1" },
    statementType: into === undefined ? "SELECT" : "INSERT",
    objects: written === undefined ? [read] : [read, written],
  };
}
