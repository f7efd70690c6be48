import { BadRequestError, ConflictError, NotFoundError } from "../../model/errors";
import { INTERRUPTED, isFinal, type Job } from "../../model/job";
import { hostKeyOf, hostOf, hostText } from "../../model/legacy-data-source";
import type { LegacyHostRow, LegacySourceRow } from "../../model/legacy-store";
import type { Part } from "../../model/connections-api";
import type { ObjectPath } from "../../model/object-path";
import { fromPathKey, toPathKey } from "../../model/path-key";
import type { PlatformSession } from "../../model/platform";
import type { ConnectionRow, Store } from "../../model/store";
import type {
  RerunOptions,
  UpgradePlan,
  UpgradePlanOptions,
  UpgradeRequest,
  UpgradeSource,
  UpgradeSourceQuery,
  UpgradeStatus,
  UpgradeStatusName,
} from "../../model/upgrade";
import { acknowledgeSchema } from "../../model/upgrade-schema";
import { parse } from "../../model/validate";
import type { Connections, Requester } from "../connections";
import type { JobRunner, JobWork } from "../jobs";
import type { createObjectSync } from "../object-sync";
import { pageSize } from "../page-size";
import type { SecretBox } from "../secret-box";
import { adoptSources } from "./adopt-sources";
import { planMoves } from "./plan-upgrade";
import { preflight } from "./preflight";

const DEFAULT_PLAN_LIMIT = 1_000;

export interface UpgradeParts {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly connections: Connections;
  readonly jobs: JobRunner;
  readonly sync: ReturnType<typeof createObjectSync>;
}

export type Upgrades = ReturnType<typeof createUpgrades>;

/** Upgrades of hosts to connections (contract: upgrading): planned, run as jobs, and run again. */
export function createUpgrades({ store, secrets, connections, jobs, sync }: UpgradeParts) {
  return {
    async list(): Promise<UpgradeStatus[]> {
      return Promise.all((await store.listLegacyHosts()).map(describe));
    },

    async get(connectionKey: string): Promise<UpgradeStatus> {
      return describe(await requireUpgrade(connectionKey));
    },

    async plan(request: UpgradeRequest, { limit = DEFAULT_PLAN_LIMIT, signal }: UpgradePlanOptions = {}): Promise<UpgradePlan> {
      const host = await requireHost(request);
      const { registration, acknowledge } = split(request);
      const { blockers, warnings } = await preflight({ store, secrets }, host, acknowledge);
      const { connection, nativeIntegration } = registration;
      const session = await connections.openUnregistered({ connection, ...(nativeIntegration && { nativeIntegration }) });
      try {
        const { connectionKey } = request;
        const moves = await planMoves({ store, session, hostKey: host.hostKey, connectionKey, limit, signal });
        return { host: host.host, connectionKey, blockers, ...moves, warnings };
      } finally {
        await session.close();
      }
    },

    async start(request: UpgradeRequest, requester: Requester): Promise<{ connectionKey: string; objectPath: ObjectPath; bulkId: string }> {
      const { connectionKey } = request;
      const host = await requireHost(request);
      const objectPath = [connectionKey];
      if (host.connectionKey === connectionKey) return { connectionKey, objectPath, ...(await startJob(host, requester)) };
      if (host.connectionKey !== null) throw upgradedTo(host, host.connectionKey);
      const { registration, acknowledge } = split(request);
      const { blockers } = await preflight({ store, secrets }, host, acknowledge);
      if (blockers.length > 0) {
        throw new BadRequestError(`${hostText(host.host)} cannot be upgraded: ${blockers.map(({ message }) => message).join("; ")}`, {
          field: "connection",
        });
      }
      const settings = { isActive: false, ...registration.settings };
      const session = await connections.register({ ...registration, settings }, requester, undefined, async (row, identities, own) => {
        const result = await store.beginUpgrade(row, identities, own, host.hostKey);
        const now = result.inserted ? undefined : await store.getLegacyHost(host.hostKey);
        // Another process was faster.
        if (now?.connectionKey) throw upgradedTo(now, now.connectionKey);
        return result;
      });
      return { connectionKey, objectPath, ...(await startJob({ ...host, connectionKey }, requester, session)) };
    },

    async rerun(
      connectionKey: string,
      { discard = [] }: RerunOptions,
      requester: Requester,
    ): Promise<{ objectPath: ObjectPath; bulkId: string }> {
      const host = await requireUpgrade(connectionKey);
      const connection = await connections.requireRow(connectionKey);
      await requireRemaining(host, discard);
      await store.discardLegacySources(connection, discard);
      return { objectPath: [connectionKey], ...(await startJob(host, requester)) };
    },

    async sources(connectionKey: string, { state, after, size: asked }: UpgradeSourceQuery): Promise<Part<UpgradeSource>> {
      const { hostKey } = await requireUpgrade(connectionKey);
      const size = pageSize(asked);
      const rows = await store.listLegacySources({
        hostKey,
        limit: size + 1,
        ...(state !== undefined && { isUpgraded: state === "upgraded" }),
        ...(after !== undefined && { afterId: cursor(after) }),
      });
      const hits = rows.slice(0, size).map(toUpgradeSource);
      return { hits, next: rows.length > size ? String(hits[size - 1]!.id) : null };
    },

    /** @throws ConflictError when the account has data sources that a registration would leave behind. */
    async refuseRegistration(connection: Readonly<Record<string, unknown>>): Promise<void> {
      const host = hostOf(connection);
      const row = host && (await store.getLegacyHost(hostKeyOf(host)));
      if (row?.connectionKey !== null) return;
      if ((await store.countLegacySources({ hostKey: row.hostKey, isUpgraded: false })) === 0) return;
      throw new ConflictError(
        `connection.hostname: ${hostText(row.host)} has data sources that were registered one by one; upgrade it instead (POST /upgrade, ` +
          "`connections upgrade`, or upgradeFrom of a Connection), so that they keep their ids, tags and policies",
        { field: "connection.hostname" },
      );
    },
  };

  async function startJob(host: LegacyHostRow, { person }: Requester, opened?: PlatformSession): Promise<{ bulkId: string }> {
    const close = () => opened?.close() ?? Promise.resolve();
    try {
      const connection = await connections.requireRow(host.connectionKey!);
      const request = {
        objectPath: [connection.connectionKey],
        variant: connection.createdAt,
        requestedBy: person.name,
        jobType: "upgrade",
      } as const;
      return await jobs.start(request, work(host, connection, opened), close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** First everything is recorded, inactive as the connection's top is; then the data sources move to what was recorded. */
  function work({ hostKey }: LegacyHostRow, connection: ConnectionRow, opened: PlatformSession | undefined): JobWork {
    return async (report, signal) => {
      let progress = { objects: 0, databasesDone: 0, databasesTotal: 0 };
      const output = await sync.work(connection, opened)((next) => report((progress = next)), signal);
      if (output.plan === undefined) return output;
      const failed = output.plan.failed.map(({ objectPath, message }) => [objectPath[1]!, message] as const);
      const held = output.plan.held.map(
        ({ objectPath }) => [objectPath[1]!, "most of its known objects vanished, which was held back"] as const,
      );
      const upgrade = await adoptSources({
        ...{ store, connection, hostKey, signal },
        troubles: new Map([...failed, ...held]),
        onProgress: (dataSourcesDone, dataSourcesTotal) => report({ ...progress, dataSourcesDone, dataSourcesTotal }),
      });
      return { ...output, upgrade };
    };
  }

  async function requireHost(request: UpgradeRequest): Promise<LegacyHostRow> {
    const { registration } = split(request);
    connections.requireValid(registration);
    if (registration.settings?.isActive === true) {
      throw new BadRequestError(
        "settings.isActive: cannot be true in an upgrade: registered data sources stay active and other tables appear inactive; set it afterwards",
        { field: "settings.isActive" },
      );
    }
    const host = hostOf(registration.connection);
    const row = host && (await store.getLegacyHost(hostKeyOf(host)));
    if (row !== undefined) return row;
    const what = host === undefined ? registration.connection.technology : hostText(host);
    throw new NotFoundError(`connection.hostname: ${what} has no data sources to upgrade; register a connection instead`, {
      field: "connection.hostname",
    });
  }

  async function requireUpgrade(connectionKey: string): Promise<LegacyHostRow> {
    await connections.requireRow(connectionKey);
    const host = (await store.listLegacyHosts()).find((one) => one.connectionKey === connectionKey);
    if (host !== undefined) return host;
    throw new NotFoundError(`connectionKey: ${connectionKey} did not come from an upgrade`, { field: "connectionKey" });
  }

  async function requireRemaining({ hostKey }: LegacyHostRow, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const rows = await store.listLegacySources({ ids });
    const known = new Set(rows.filter((row) => row.hostKey === hostKey && row.upgradedTo === null).map(({ id }) => id));
    const other = ids.find((id) => !known.has(id));
    if (other === undefined) return;
    throw new BadRequestError(`discard: ${other} is none of the data sources that were not upgraded; list them to see which are`, {
      field: "discard",
    });
  }

  async function describe(row: LegacyHostRow): Promise<UpgradeStatus> {
    const { hostKey, host, connectionKey } = row;
    const [dataSources, remaining] = await Promise.all([
      store.countLegacySources({ hostKey }),
      store.countLegacySources({ hostKey, isUpgraded: false }),
    ]);
    const job = connectionKey === null ? undefined : await lastJob(connectionKey);
    return {
      host,
      status: statusOf(row, remaining, job),
      counts: { dataSources, upgraded: dataSources - remaining, remaining },
      connectionKey,
      bulkId: job?.bulkId ?? null,
      error: job === undefined || !isFinal(job.state) ? null : (job.output?.error ?? null),
    };
  }

  async function lastJob(connectionKey: string): Promise<Job | undefined> {
    const range = { jobType: "upgrade", state: undefined, from: undefined, to: undefined, key: toPathKey([connectionKey]) } as const;
    return (await jobs.show(() => store.searchJobs(range, 0, 1)))[0];
  }
}

function statusOf({ connectionKey, isUpgraded }: LegacyHostRow, remaining: number, job: Job | undefined): UpgradeStatusName {
  if (connectionKey === null) return "ready";
  if (job !== undefined && !isFinal(job.state)) return "inProgress";
  if (!isUpgraded || job?.output?.error === INTERRUPTED.error || job?.state === "cancelled") return "interrupted";
  return remaining > 0 ? "partiallyComplete" : "complete";
}

function split({ acknowledge = [], ...registration }: UpgradeRequest) {
  return { registration, acknowledge: parse(acknowledgeSchema, acknowledge, ["acknowledge"]) };
}

function toUpgradeSource({ id, name, upgradedTo, reason }: LegacySourceRow): UpgradeSource {
  const objectPath = upgradedTo === null ? null : [...fromPathKey(upgradedTo)];
  return { id, name, newName: objectPath?.join(".") ?? null, objectPath, reason };
}

function upgradedTo({ host }: LegacyHostRow, connectionKey: string): ConflictError {
  return new ConflictError(`${hostText(host)} was upgraded to connection "${connectionKey}" already; use that one`, {
    field: "connectionKey",
  });
}

function cursor(after: string): number {
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw new BadRequestError(`after: "${after}" does not come from a list; give the next of the part before`, { field: "after" });
}
