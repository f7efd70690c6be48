import type { Caller } from "../../model/caller";
import type { Right } from "../../model/browsing";
import type { Page, SearchQuery, SettingsFailure, SettingsUpdate } from "../../model/connections-api";
import type { DataObject } from "../../model/data-object";
import { ForbiddenError } from "../../model/errors";
import type { Job } from "../../model/job";
import { formatObjectPath, lineage, parseObjectPath, type ObjectPath } from "../../model/object-path";
import { compareBytes, fromPathKey, toPathKey, type PathKey } from "../../model/path-key";
import type { Principal, SettingsPatch } from "../../model/settings";
import type { Store } from "../../model/store";
import { listLineage } from "../activity/list-activity";
import { effectiveSettings } from "../effective";
import type { EngineApi } from "../engine-api";
import { viewObjects } from "../objects";
import { pageSize } from "../page-size";
import { PERMISSION_TABLE, isAllowed, refusal, type Operation, type Persona } from "./table";
import { authorizeBrowsing } from "./authorize-browsing";
import { rolesOf } from "./roles";

/** The engine as a caller sees it: each call is checked against the permission table before it is passed on. */
export function authorize(inner: EngineApi, store: Store, caller: Caller): EngineApi {
  const roles = rolesOf(store, caller.principals);
  return {
    ...authorizeBrowsing(inner, store, { demand, mayRead, roles, rightsAt, refusalAt }),

    async testConnection(connection, options) {
      await demand("testConnection");
      return inner.testConnection(connection, options);
    },
    async registerConnection(registration, options) {
      await demand("registerConnection");
      return inner.registerConnection(registration, options);
    },
    async createSetupScript(request) {
      await demand("registerConnection");
      return inner.createSetupScript(request);
    },
    async createCleanupScript(integrationId) {
      await demand("createCleanupScript");
      return inner.createCleanupScript(integrationId);
    },
    async getConnection(connectionKey) {
      await demand("readConnection", [connectionKey]);
      return inner.getConnection(connectionKey);
    },
    async updateConnection(connectionKey, update, options) {
      await demand("updateConnection", [connectionKey]);
      return inner.updateConnection(connectionKey, update, options);
    },

    async getObject(objectPath, options) {
      await demand("readObjects", objectPath);
      return inner.getObject(objectPath, options);
    },
    async searchObjects(objectPath, query = {}) {
      const path = objectPath.length === 0 ? [] : parseObjectPath(objectPath);
      return (await mayRead(path)) ? inner.searchObjects(objectPath, query) : childrenTowardsRoles(path, query);
    },
    async countObjects(objectPath) {
      await demand("readObjects", objectPath);
      return inner.countObjects(objectPath);
    },
    async listDataSources(objectPath, query) {
      await demand("readObjects", objectPath);
      return inner.listDataSources(objectPath, query);
    },
    async listOverrides(objectPath, query) {
      await demand("readObjects", objectPath);
      return inner.listOverrides(objectPath, query);
    },
    async listObjects(objectPath, query) {
      await demand("readObjects", objectPath);
      return inner.listObjects(objectPath, query);
    },
    async listTags(objectPath, query) {
      await demand("readObjects", objectPath);
      return inner.listTags(objectPath, query);
    },
    async listLineage(objectPath, query) {
      await demand("readObjects", objectPath);
      return listLineage(store, parseObjectPath(objectPath), query ?? {}, mayReadAll());
    },
    async listQueries(objectPath, query) {
      await demand("readAudit", objectPath);
      return inner.listQueries(objectPath, query);
    },
    async updateSettings(objectPath, patch) {
      await demandSettings(objectPath, patch);
      return inner.updateSettings(objectPath, patch);
    },
    async updateManySettings(updates, options) {
      const allowed: SettingsUpdate[] = [];
      const refused: SettingsFailure[] = [];
      for (const update of updates) {
        const { objectPath, settings } = update;
        try {
          await demandSettings(objectPath, settings);
          allowed.push(update);
        } catch (error) {
          if (!(error instanceof ForbiddenError)) throw error;
          refused.push({ objectPath: [...objectPath], statusCode: error.statusCode, message: error.message });
        }
      }
      const { updated, failures } = await inner.updateManySettings(allowed, options);
      return { updated, failures: [...refused, ...failures] };
    },
    async deleteObject(objectPath) {
      await demand(objectPath.length === 1 ? "deregisterConnection" : "deleteObject", objectPath);
      return inner.deleteObject(objectPath);
    },

    async crawl(objectPath, options) {
      await demand("crawl", objectPath);
      return inner.crawl(objectPath, options);
    },
    async planSync(objectPath, options) {
      await demand("crawl", objectPath);
      return inner.planSync(objectPath, options);
    },
    async diagnose(connectionKey, options) {
      await demand("diagnose", [connectionKey]);
      return inner.diagnose(connectionKey, options);
    },
    async getJobs(bulkId) {
      await demandJobs(await store.getJobs(bulkId));
      return inner.getJobs(bulkId);
    },
    async waitForJobs(bulkId, options) {
      await demandJobs(await store.getJobs(bulkId));
      return inner.waitForJobs(bulkId, options);
    },
    async searchJobs(search = {}) {
      await demand("readJobs", search.objectPath);
      return inner.searchJobs(search);
    },
    async summarizeJobs(filter = {}) {
      await demand("readJobs", filter.objectPath);
      return inner.summarizeJobs(filter);
    },
    async getJobStatuses(query) {
      await demandJobs(await store.getJobsById(query.jobIds));
      return inner.getJobStatuses(query);
    },

    async listUpgrades() {
      await demand("readUpgrades");
      return inner.listUpgrades();
    },
    async getUpgrade(connectionKey) {
      await demand("readUpgrades", [connectionKey]);
      return inner.getUpgrade(connectionKey);
    },
    async listUpgradeSources(connectionKey, query) {
      await demand("readUpgrades", [connectionKey]);
      return inner.listUpgradeSources(connectionKey, query);
    },
    async planUpgrade(request, options) {
      await demand("upgrade");
      return inner.planUpgrade(request, options);
    },
    async startUpgrade(request) {
      await demand("upgrade");
      return inner.startUpgrade(request);
    },
    async rerunUpgrade(connectionKey, options) {
      await demand("upgrade", [connectionKey]);
      return inner.rerunUpgrade(connectionKey, options);
    },
    async readConnection(connectionKey) {
      await demand("readConnection", [connectionKey]);
      return inner.readConnection(connectionKey);
    },
    async patchConnection(connectionKey, patch, options) {
      await demand("updateConnection", [connectionKey]);
      return inner.patchConnection(connectionKey, patch, options);
    },
    async activateConnection(connectionKey) {
      await demand("updateSettings", [connectionKey]);
      return inner.activateConnection(connectionKey);
    },
    async deactivateConnection(connectionKey) {
      await demand("updateSettings", [connectionKey]);
      return inner.deactivateConnection(connectionKey);
    },
    async deregisterConnection(connectionKey, options) {
      await demand("deregisterConnection", [connectionKey]);
      return inner.deregisterConnection(connectionKey, options);
    },

    // The engine is not the caller's to close.
    close: async () => undefined,
  };

  async function demandSettings(objectPath: ObjectPath, { infrastructureAdmins, ...others }: SettingsPatch): Promise<void> {
    if (infrastructureAdmins !== undefined) await demand("setInfrastructureAdmins", objectPath);
    if (infrastructureAdmins === undefined || Object.keys(others).length > 0) await demand("updateSettings", objectPath);
  }

  /** @throws ForbiddenError saying who may. Nothing is said about whether the object exists. */
  async function demand(operation: Operation, objectPath: ObjectPath = []): Promise<void> {
    const path = objectPath.length === 0 ? [] : parseObjectPath(objectPath);
    // Roles are read only where permissions do not decide.
    if (isAllowed(operation, new Set(caller.permissions)) || isAllowed(operation, await personasAt(path))) return;
    throw new ForbiddenError(refusalAt(operation, path), path.length === 0 ? {} : { field: "objectPath" });
  }

  function refusalAt(operation: Operation, path: ObjectPath): string {
    const where = path.length === 0 ? "" : `${formatObjectPath(path)}: `;
    return `${where}${refusal(caller, operation)}`;
  }

  async function rightsAt(objectPath: ObjectPath): Promise<Right[]> {
    const path = objectPath.length === 0 ? [] : parseObjectPath(objectPath);
    const personas = await personasAt(path);
    return (Object.keys(PERMISSION_TABLE) as Operation[]).map((operation) => {
      const may = isAllowed(operation, personas);
      return { operation, isAllowed: may, reason: may ? null : refusalAt(operation, path) };
    });
  }

  /** A role on one table tells nothing of what it is made of elsewhere. */
  function mayReadAll(): (objectPaths: readonly ObjectPath[]) => Promise<boolean> {
    const readable = new Map<PathKey, boolean>();
    return async (objectPaths) => {
      for (const objectPath of objectPaths) {
        const key = toPathKey(objectPath);
        const isReadable = readable.get(key) ?? isAllowed("readObjects", await personasAt(objectPath));
        readable.set(key, isReadable);
        if (!isReadable) return false;
      }
      return true;
    };
  }

  async function demandJobs(jobs: readonly Pick<Job, "objectPath" | "jobType" | "requestedBy">[]): Promise<void> {
    for (const { objectPath, jobType, requestedBy } of jobs) {
      // With a connection the roles on it go, but whoever had it deregistered may see how that ended.
      if (jobType === "deregistration" && requestedBy === caller.name) continue;
      await demand("readJobs", objectPath);
    }
  }

  async function personasAt(path: ObjectPath): Promise<ReadonlySet<Persona>> {
    const personas = new Set<Persona>(caller.permissions);
    if (path.length === 0 || caller.principals.length === 0) return personas;
    const effective = effectiveSettings(path, await store.getOverrides(lineage(path).map(toPathKey)));
    if (includesCaller(effective.infrastructureAdmins)) personas.add("infrastructureAdmin");
    if (includesCaller(effective.dataOwners)) personas.add("dataOwner");
    return personas;
  }

  function includesCaller(principals: readonly Principal[]): boolean {
    return principals.some((one) => caller.principals.some(({ type, id }) => type === one.type && id === one.id));
  }

  async function mayRead(path: ObjectPath): Promise<boolean> {
    return isAllowed("readObjects", new Set(caller.permissions)) || isAllowed("readObjects", await personasAt(path));
  }

  /** Of an object that the caller may not read: the children that lead to what it may. */
  async function childrenTowardsRoles(path: ObjectPath, query: SearchQuery): Promise<Page<DataObject>> {
    const keys = await roles.childrenTowards(path);
    if (keys.length === 0 && path.length > 0) throw new ForbiddenError(refusalAt("readObjects", path), { field: "objectPath" });
    const { offset = 0, sortField = "name", sortOrder = "asc", searchText = "", size } = query;
    const rows = new Map((await store.getObjects(keys)).map((row) => [row.key, row]));
    const wanted = keys.flatMap((key) => {
      const name = fromPathKey(key)[path.length]!;
      const row = rows.get(key);
      return row !== undefined && name.toLowerCase().includes(searchText.toLowerCase()) ? [row] : [];
    });
    const found = await viewObjects(store, wanted);
    // They come by name, which decides between equals.
    const orderOf = { name: () => "", state: byState, createdAt: byCreation, updatedAt: byChange }[sortField];
    found.sort((x, y) => compareBytes(orderOf(x), orderOf(y)));
    if (sortOrder === "desc") found.reverse();
    return { count: found.length, hits: found.slice(offset, offset + pageSize(size)) };
  }
}

const byState = ({ state }: DataObject) => state;
const byCreation = ({ createdAt }: DataObject) => createdAt ?? "";
const byChange = ({ lastAlteredAt }: DataObject) => lastAlteredAt ?? "";
