import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { AuditQuery, LineageQuery } from "../model/activity";
import type { ConnectionsApi, Page, Part, SearchQuery, WaitOptions } from "../model/connections-api";
import type { DataObject, DataSource, ListedObject } from "../model/data-object";
import { NotFoundError, RemoteError } from "../model/errors";
import { isFinal, type Job, type JobFilter, type JobPage, type JobStatus } from "../model/job";
import { formatObjectPath, parseObjectPath, type ObjectPath } from "../model/object-path";
import type { ConnectionDetails } from "../model/registration";
import type { SettingsPatch } from "../model/settings";
import type { SyncPlan } from "../model/sync-plan";
import * as answers from "../model/wire/responses";
import { browsingCalls } from "./browsing";
import { createFeatures } from "./features";
import { sendInParts, updateOneByOne } from "./many-settings";
import { createTransport, type TransportOptions } from "./transport";
import { walkCounts, walkObjects, walkOverrides } from "./walk";

const DEFAULT_WAIT_SECONDS = 3_600;
const FIRST_POLL_MILLISECONDS = 200;
const SLOWEST_POLL_MILLISECONDS = 2_000;
/** A call that asks the platform something: a warehouse may have to start. */
const PLATFORM_SECONDS = 660;

export type ClientOptions = TransportOptions;

/**
 * The HTTP client of a server of connections. It is the same interface as the engine in process, with the same errors; what cannot
 * be reached, or does not answer as expected, is a `RemoteError` that names method and path.
 */
export function createClient(options: ClientOptions): ConnectionsApi {
  const transport = createTransport(options);
  const features = createFeatures(transport);
  const reader = { getObject, searchObjects };

  return {
    ...browsingCalls(transport, features),

    async testConnection(connection) {
      await transport.send({
        method: "POST",
        path: "/data/connection/test",
        body: connection,
        answer: answers.tested,
        isRepeatable: true,
        timeoutSeconds: PLATFORM_SECONDS,
      });
    },
    async registerConnection(registration) {
      const {
        connectionKey,
        objectPath = [connectionKey],
        bulkId,
      } = await transport.send({
        method: "POST",
        path: "/data/connection",
        body: registration,
        answer: answers.registered,
        timeoutSeconds: PLATFORM_SECONDS,
      });
      return { connectionKey, objectPath, bulkId };
    },
    createSetupScript: (request) =>
      transport.send({ method: "POST", path: "/integrations/scripts/create", body: request, answer: answers.script, isRepeatable: true }),
    createCleanupScript: (integrationId) =>
      transport.send({
        method: "POST",
        path: `/integrations/${integrationId}/scripts/delete`,
        answer: answers.script,
        isRepeatable: true,
      }),
    getConnection: (connectionKey) =>
      transport.send({
        method: "GET",
        path: "/data/connection",
        objectPath: keyPath(connectionKey),
        answer: answers.connectionDetails as unknown as z.ZodType<ConnectionDetails>,
      }),
    updateConnection: (connectionKey, update) =>
      transport.send({
        method: "PUT",
        path: "/data/connection",
        objectPath: keyPath(connectionKey),
        body: update,
        answer: answers.connectionDetails as unknown as z.ZodType<ConnectionDetails>,
        timeoutSeconds: PLATFORM_SECONDS,
      }),

    getObject,
    searchObjects,
    async countObjects(objectPath) {
      if (!(await features.has("counts"))) return walkCounts(reader, objectPath);
      return transport.send({
        method: "GET",
        path: "/data/counts",
        objectPath: parseObjectPath(objectPath),
        answer: answers.objectCounts,
      });
    },
    async listDataSources(objectPath, query = {}) {
      await features.demand("dataSources");
      return transport.send({
        method: "GET",
        path: "/data/sources",
        objectPath: pathOrRoot(objectPath),
        query: { ...query },
        answer: answers.dataSources as unknown as z.ZodType<Part<DataSource>>,
      });
    },
    async listOverrides(objectPath, { changes = false } = {}) {
      if (!(await features.has("overrides"))) return walkOverrides(reader, objectPath);
      const { hits } = await transport.send({
        method: "GET",
        path: "/data/overrides",
        objectPath: parseObjectPath(objectPath),
        query: { changes: changes && (await features.has("changes")) ? true : undefined },
        answer: answers.overrideList,
      });
      return hits;
    },
    async listObjects(objectPath, query = {}) {
      if (!(await features.has("objects"))) return walkObjects(reader, objectPath, query);
      return transport.send({
        method: "GET",
        path: "/data/objects",
        objectPath: parseObjectPath(objectPath),
        query: { ...query },
        answer: answers.objectList as unknown as z.ZodType<Part<ListedObject>>,
      });
    },
    listTags: (objectPath, query) => listActivity("/data/tags", objectPath, query, answers.tags),
    listLineage: (objectPath, query) => listActivity("/data/lineage", objectPath, query, answers.lineageEdges),
    listQueries: (objectPath, query) => listActivity("/data/audit", objectPath, query, answers.queryRecords),
    updateSettings,
    async updateManySettings(updates, { dryRun = false } = {}) {
      if (!(await features.has("manySettings")))
        return updateOneByOne(dryRun ? (objectPath) => getObject(objectPath) : updateSettings, updates);
      return sendInParts(updates, (some) =>
        transport.send({
          method: "PUT",
          path: "/data/settings",
          query: { dryRun: dryRun || undefined },
          body: { updates: some },
          answer: answers.settingsOutcome,
        }),
      );
    },
    async deleteObject(objectPath) {
      const path = parseObjectPath(objectPath);
      const { childCount } = await transport.send({ method: "DELETE", path: "/data/object", objectPath: path, answer: answers.deleted });
      return { objectPath: path, childCount };
    },

    async crawl(objectPath, { allowMassRemoval, forceRecursiveCrawl = true } = {}) {
      const { bulkId } = await transport.send({
        method: "POST",
        path: "/data/crawl",
        objectPath: parseObjectPath(objectPath),
        body: { forceRecursive: forceRecursiveCrawl, allowMassRemoval },
        answer: answers.crawlStarted,
        // One that runs already is joined.
        isRepeatable: true,
      });
      return { objectPath, bulkId };
    },
    async planSync(objectPath, { limit, forceRecursiveCrawl = true, signal } = {}) {
      await features.demand("dryRun");
      return transport.send({
        method: "POST",
        path: "/data/crawl",
        objectPath: parseObjectPath(objectPath),
        query: { dryRun: true },
        body: { forceRecursive: forceRecursiveCrawl, limit },
        answer: answers.syncPlan as unknown as z.ZodType<SyncPlan>,
        isRepeatable: true,
        signal,
        timeoutSeconds: 0,
      });
    },
    async diagnose(connectionKey, { signal } = {}) {
      await features.demand("diagnosis");
      return transport.send({
        method: "GET",
        path: "/data/diagnosis",
        objectPath: keyPath(connectionKey),
        answer: answers.diagnosis,
        signal,
        timeoutSeconds: PLATFORM_SECONDS,
      });
    },
    getJobs,
    waitForJobs,
    searchJobs: ({ objectPath, ...search } = {}) =>
      transport.send({
        method: "GET",
        path: "/jobs/search",
        query: { ...search, ...pathQuery(objectPath) },
        answer: answers.jobPage as unknown as z.ZodType<JobPage>,
      }),
    summarizeJobs: ({ objectPath, ...filter }: JobFilter = {}) =>
      transport.send({
        method: "GET",
        path: "/jobs/summary",
        query: { ...filter, ...pathQuery(objectPath) },
        answer: answers.jobSummary,
      }),
    getJobStatuses: ({ signal, ...query }) =>
      transport.send({
        method: "POST",
        path: "/jobs/statuses",
        body: query,
        answer: answers.jobStatuses as unknown as z.ZodType<Record<string, JobStatus>>,
        isRepeatable: true,
        signal,
        timeoutSeconds: 0,
      }),

    async listUpgrades() {
      await features.demand("upgrade");
      const { hits } = await transport.send({ method: "GET", path: "/upgrade", answer: answers.upgradeList });
      return hits;
    },
    async getUpgrade(connectionKey) {
      await features.demand("upgrade");
      return transport.send({ method: "GET", path: "/upgrade", objectPath: keyPath(connectionKey), answer: answers.upgradeStatus });
    },
    async planUpgrade(request, { limit, signal } = {}) {
      await features.demand("upgrade");
      return transport.send({
        method: "POST",
        path: "/upgrade/plan",
        query: { limit },
        body: request,
        answer: answers.upgradePlan,
        isRepeatable: true,
        signal,
        timeoutSeconds: 0,
      });
    },
    async startUpgrade(request) {
      await features.demand("upgrade");
      const { connectionKey, bulkId } = await transport.send({
        method: "POST",
        path: "/upgrade",
        body: request,
        answer: answers.registered,
        timeoutSeconds: PLATFORM_SECONDS,
      });
      return { connectionKey, objectPath: [connectionKey], bulkId };
    },
    async rerunUpgrade(connectionKey, options = {}) {
      await features.demand("upgrade");
      const objectPath = keyPath(connectionKey);
      const { bulkId } = await transport.send({
        method: "POST",
        path: "/upgrade/rerun",
        objectPath,
        body: options,
        answer: answers.crawlStarted,
      });
      return { objectPath, bulkId };
    },
    async listUpgradeSources(connectionKey, query = {}) {
      await features.demand("upgrade");
      return transport.send({
        method: "GET",
        path: "/upgrade/sources",
        objectPath: keyPath(connectionKey),
        query: { ...query },
        answer: answers.upgradeSources,
      });
    },

    close: async () => transport.close(),
  };

  function getObject(objectPath: ObjectPath, { columns }: { readonly columns?: boolean } = {}): Promise<DataObject> {
    return transport.send({
      method: "GET",
      path: "/data/object",
      objectPath: parseObjectPath(objectPath),
      query: { columns },
      answer: answers.dataObject as unknown as z.ZodType<DataObject>,
    });
  }

  function updateSettings(objectPath: ObjectPath, patch: SettingsPatch): Promise<DataObject> {
    return transport.send({
      method: "PUT",
      path: "/data/settings",
      objectPath: parseObjectPath(objectPath),
      body: { settings: patch },
      answer: answers.dataObject as unknown as z.ZodType<DataObject>,
    });
  }

  async function listActivity<T>(
    path: string,
    objectPath: ObjectPath,
    query: AuditQuery | LineageQuery = {},
    answer: z.ZodType<T>,
  ): Promise<T> {
    await features.demand("activity");
    return transport.send({ method: "GET", path, objectPath: parseObjectPath(objectPath), query: { ...query }, answer });
  }

  function searchObjects(objectPath: ObjectPath, query: SearchQuery = {}): Promise<Page<DataObject>> {
    return transport.send({
      method: "POST",
      path: "/data/object/search",
      objectPath: pathOrRoot(objectPath),
      body: query,
      answer: answers.searchPage as unknown as z.ZodType<Page<DataObject>>,
      isRepeatable: true,
    });
  }

  async function getJobs(bulkId: string): Promise<readonly Job[]> {
    try {
      return await transport.send({ method: "GET", path: "/jobs", query: { bulkId }, answer: answers.jobs as unknown as z.ZodType<Job[]> });
    } catch (error) {
      if (error instanceof NotFoundError) return [];
      throw error;
    }
  }

  async function waitForJobs(
    bulkId: string,
    { timeoutSeconds = DEFAULT_WAIT_SECONDS, onProgress, signal }: WaitOptions = {},
  ): Promise<readonly Job[]> {
    const deadline = AbortSignal.timeout(timeoutSeconds * 1_000);
    const ended = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    for (let pause = FIRST_POLL_MILLISECONDS; ; pause = Math.min(pause * 1.5, SLOWEST_POLL_MILLISECONDS)) {
      const jobs = await getJobs(bulkId);
      if (jobs.length === 0) throw new NotFoundError(`bulkId: there is no job of bulk operation ${bulkId}`, { field: "bulkId" });
      if (jobs.every(({ state }) => isFinal(state))) return jobs;
      for (const { progress } of jobs) if (progress !== undefined) onProgress?.(progress);
      await delay(pause, undefined, { signal: ended }).catch((error: unknown) => {
        signal?.throwIfAborted();
        if (!deadline.aborted) throw error;
        const message = `bulkId: the jobs of ${bulkId} did not end within ${timeoutSeconds} s; they go on, look again later`;
        throw new RemoteError(504, message, { field: "bulkId" });
      });
    }
  }
}

function pathOrRoot(objectPath: ObjectPath): ObjectPath {
  return objectPath.length === 0 ? [] : parseObjectPath(objectPath);
}

function keyPath(connectionKey: string): ObjectPath {
  return parseObjectPath([connectionKey], "connectionKey");
}

function pathQuery(objectPath: ObjectPath | undefined) {
  return objectPath === undefined ? {} : { objectPath: formatObjectPath(objectPath) };
}
