import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { DataSource } from "../../sdk/model/data-object";
import type { Job } from "../../sdk/model/job";
import type { LegacyApi, RegisteredHandler } from "../../sdk/model/legacy-api";
import type { UpgradeRequest } from "../../sdk/model/upgrade";

export const HOST = "acme.snowflakecomputing.com";
export const OTHER_HOST = "other.snowflakecomputing.com";

const login = { username: "svc", password: "legacy-password", warehouse: "WH", authenticationMethod: "userPassword" };

/** A V1 payload for `DB.SCHEMA.TABLE` texts; with `monitor`, schema monitoring is on. */
export function v1(tables: readonly string[], options: { host?: string; monitor?: boolean; policies?: unknown[]; owner?: string } = {}) {
  const { host = HOST, monitor = false, policies, owner } = options;
  const handlers = tables.map((text) => {
    const [database, schema, table] = text.split(".") as [string, string, string];
    return { metadata: { hostname: host, port: 443, ...login, database, schema, table, dataSourceName: `old ${host} ${text}` } };
  });
  return {
    handler: handlers,
    dataSource: { blobHandlerType: "Snowflake", type: "queryable", recordFormat: "", ...(owner !== undefined && { owner }) },
    schemaEvolution: { disabled: !monitor },
    ...(policies && { policyRules: policies }),
  };
}

/** A V2 payload; without tables, it stands for the whole schema. */
export function v2(key: string, database: string, schema: string, tables?: readonly string[], more: object = {}, host = HOST) {
  return {
    connectionKey: key,
    connection: { handler: "Snowflake", hostname: host, port: 443, database, schema, ...login, connectionStringOptions: "role=READER" },
    nameTemplate: { dataSourceFormat: `${key} <schema>.<tablename>` },
    ...(tables && { sources: tables.map((table) => ({ table, schema })) }),
    ...more,
  };
}

export async function integrate(legacy: LegacyApi, host = HOST, config: object = {}): Promise<void> {
  await legacy.createIntegration({
    type: "Snowflake",
    autoBootstrap: false,
    config: { host, port: 443, password: "integration-password", ...config },
  });
}

/** @returns the ids, in the order of the tables. */
export async function registerV1(legacy: LegacyApi, tables: readonly string[], options: Parameters<typeof v1>[1] = {}): Promise<number[]> {
  const answer = (await legacy.register("snowflake", v1(tables, options))) as RegisteredHandler[];
  return answer.map(({ dataSourceId }) => dataSourceId);
}

export function upgradeOf(connectionKey = "acme", host = HOST, more: Partial<UpgradeRequest> = {}): UpgradeRequest {
  return {
    connectionKey,
    connection: { technology: "Snowflake", hostname: host, username: "GOV", password: "connection-password", role: "GOV", warehouse: "WH" },
    ...more,
  };
}

/** Upgrades and waits for the end. */
export async function upgrade(api: ConnectionsApi, request = upgradeOf()): Promise<Job> {
  return ended(api, (await api.startUpgrade(request)).bulkId);
}

export async function rerun(api: ConnectionsApi, connectionKey = "acme", discard: readonly number[] = []): Promise<Job> {
  return ended(api, (await api.rerunUpgrade(connectionKey, { discard })).bulkId);
}

async function ended(api: ConnectionsApi, bulkId: string): Promise<Job> {
  const [job] = await api.waitForJobs(bulkId);
  return job!;
}

/** Every data source there is, as a poller of policies reads them. */
export async function allDataSources(api: ConnectionsApi, size = 1_000): Promise<DataSource[]> {
  const found: DataSource[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const { hits, next } = await api.listDataSources([], { size, ...(after && { after }) });
    found.push(...hits);
    after = next;
  }
  return found;
}
