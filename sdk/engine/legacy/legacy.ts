import { BadRequestError, ConflictError, NotFoundError } from "../../model/errors";
import type {
  BulkChange,
  CollectionResult,
  DeletedDataSource,
  DetectionScope,
  LegacyApi,
  ListedDataSource,
  RegisteredHandler,
} from "../../model/legacy-api";
import { hostKeyOf, hostText, type LegacyDataSource, type LegacyHost, type MonitoredContainer } from "../../model/legacy-data-source";
import type {
  LegacyChange,
  LegacyConflict,
  LegacyHostRow,
  LegacySourceRow,
  NewLegacyRegistration,
  NewLegacySource,
} from "../../model/legacy-store";
import type { TableNames } from "../../model/legacy/names";
import type { LegacyRegistration } from "../../model/legacy/registration";
import { v1BulkSchema } from "../../model/legacy/v1-payload";
import { compareBytes, fromPathKey } from "../../model/path-key";
import type { Store } from "../../model/store";
import { parse } from "../../model/validate";
import type { Connections } from "../connections";
import { listDataSources } from "../data-sources";
import { pageSize } from "../page-size";
import type { SecretBox } from "../secret-box";
import { blocked, type LegacyAction } from "./blocked";
import { changesOf } from "./collection-changes";
import { connectionOf } from "./connection-of";
import { detectChanges } from "./detect-changes";
import { createIntegrations } from "./integrations";
import { listTables } from "./list-tables";
import { hostOfRegistration, placeOf, readCollection, readHandlers, sourceOf } from "./read-payload";

const DATA_SOURCES_PER_PAGE = 1_000;

export interface LegacyParts {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly connections: Connections;
  readonly now: () => string;
}

/** Registering data sources one by one (contract: deprecated endpoints), until their host is upgraded. */
export function createLegacy(parts: LegacyParts): LegacyApi {
  const { store, secrets, connections, now } = parts;
  const integrations = createIntegrations(store, { refuse, seal });

  return {
    async register(technology, payload) {
      const registrations = readHandlers(payload, technology);
      await requireOpenHosts(registrations);
      const policies = policiesOf(payload);
      const handlers: RegisteredHandler[] = [];
      // All of one payload are on one host, or the payload is refused.
      const [first] = registrations;
      const host = hostOfRegistration(first!);
      requireOneHost(registrations, host);
      const create = registrations.flatMap((one) => one.tables.map((table) => sourceOf(one, table, policies)));
      requireDistinct(create);
      const ids = await write("create", {
        ...{ registration: registrationRow(host, null, first!), create, update: [], disable: [], remove: [] },
        monitored: monitoredOf(registrations),
      });
      for (const [index, id] of ids.entries()) handlers.push(handlerAnswer(id, host, create[index]!));
      return Array.isArray((payload as { handler?: unknown }).handler) ? handlers : handlers[0]!;
    },

    async replaceHandler(technology, handlerId, payload) {
      const row = await requireSource(handlerId, "editConnection");
      const [registration, ...more] = readHandlers(payload, technology);
      const [table] = registration!.tables;
      if (more.length > 0 || table === undefined) {
        throw new BadRequestError("handler: holds several tables; a data source has one", { field: "handler" });
      }
      const host = hostOfRegistration(registration!);
      if (hostKeyOf(host) !== row.hostKey) {
        throw new BadRequestError(`handler.metadata.hostname: data source ${row.id} is on another host; register it there anew`, {
          field: "handler.metadata.hostname",
        });
      }
      const source = { ...sourceOf(registration!, table, row.policies), isEnabled: row.isEnabled };
      await write("editConnection", {
        ...{ registration: registrationRow(host, null, registration!), create: [], disable: [], remove: [] },
        update: [{ id: row.id, source }],
        monitored: monitoredOf([registration!]),
      });
      return handlerAnswer(row.id, host, source);
    },

    deleteHandler: (_technology, handlerId) => deleteOne(handlerId),

    async editConnections(technology, body) {
      const { ids, connectionString, handler } = parse(v1BulkSchema, body);
      const rows = await sourcesFor(technology, ids, connectionString);
      await requireOpen(
        rows.map(({ hostKey }) => hostKey),
        "editConnection",
      );
      for (const registrationId of new Set(rows.map((row) => row.registrationId))) {
        const own = rows.filter((row) => row.registrationId === registrationId);
        const row = await store.getLegacyRegistration(registrationId);
        const sent = JSON.parse(secrets.open(row!.secretPayload)) as LegacyRegistration;
        const [edited] = readHandlers(editedPayload(sent, own[0]!, handler.metadata), technology);
        if (hostKeyOf(hostOfRegistration(edited!)) !== own[0]!.hostKey) {
          throw new BadRequestError("handler.metadata.hostname: the data sources are on another host; register them there anew", {
            field: "handler.metadata.hostname",
          });
        }
        const merged = { ...sent, ...accountOf(edited!) };
        await write("editConnection", {
          ...{ registration: registrationRow(row!.host, row!.collection, merged), create: [], disable: [], remove: [] },
          monitored: row!.collection === null ? [] : monitoredOf([merged]),
          update: own.map((source) => ({ id: source.id, source })),
        });
      }
      return { ids: rows.map(({ id }) => id) };
    },

    async saveCollection(payload, { dryRun = false } = {}) {
      const registration = readCollection(payload);
      const host = hostOfRegistration(registration);
      await requireOpenHosts([registration]);
      await requireOwnDatabase(host, registration);
      const hardDelete = (payload as { options?: { hardDelete?: boolean } | null }).options?.hardDelete === true;
      const wanted = (await tablesOf(registration)).map((table) => sourceOf(registration, table, []));
      requireDistinct(wanted);
      const known = await store.listLegacySources({ collection: registration.name, isUpgraded: false });
      const changes = changesOf(known, wanted, hostKeyOf(host), hardDelete);
      if (!dryRun) {
        await write("create", {
          registration: registrationRow(host, registration.name, registration),
          ...changes.writes,
          monitored: monitoredOf([registration]),
        });
      }
      return { dryRun, ...changes.result };
    },

    async deleteCollection(collection, { dryRun = false } = {}) {
      const rows = await store.listLegacySources({ collection });
      if (rows.length === 0) {
        throw new NotFoundError(`connectionKey: nothing is registered under "${collection}"`, { field: "connectionKey" });
      }
      await requireOpen(
        rows.map(({ hostKey }) => hostKey),
        "delete",
        rows[0],
      );
      if (!dryRun) await demand(await store.deleteLegacySources(rows.map(({ id }) => id)), "delete");
      const nothing: CollectionResult = {
        ...{ dryRun, creating: [], updating: [], noChange: [] },
        ...{ deleting: rows.map(({ name }) => name), detectionRunning: false, tagsUpdated: false },
      };
      return nothing;
    },

    async list({ offset = 0, size: asked, sortField = "id", sortOrder = "asc", searchText = "" } = {}) {
      const size = pageSize(asked);
      const found: ListedDataSource[] = [];
      const text = searchText.toLowerCase();
      const technologies = new Map<string, string>();
      for (let after: string | null | undefined; after !== null;) {
        const { hits, next } = await listDataSources(store, [], { size: DATA_SOURCES_PER_PAGE, ...(after && { after }) });
        for (const { id, name, objectPath, legacy } of hits) {
          if (!name.toLowerCase().includes(text)) continue;
          const technology = legacy?.host.technology ?? (await technologyOf(objectPath[0]!, technologies));
          found.push({ id, name, technology, isEnabled: true, objectPath });
        }
        after = next;
      }
      for (const { id, name, hostKey } of await store.listLegacySources({ isUpgraded: false, isEnabled: false, searchText })) {
        found.push({ id, name, technology: (await requireHost(hostKey)).host.technology, isEnabled: false, objectPath: [] });
      }
      // Of one that moved while the list was read, the later entry holds.
      const hits = [...new Map(found.map((one) => [one.id, one])).values()];
      hits.sort((a, b) => (sortField === "id" ? a.id - b.id : compareBytes(a.name, b.name)));
      if (sortOrder === "desc") hits.reverse();
      return { count: hits.length, hits: hits.slice(offset, offset + size) };
    },

    async get(id) {
      const [row] = await store.listLegacySources({ ids: [id] });
      if (row === undefined) throw unknownSource(id);
      return describe(row);
    },

    async getByName(name) {
      const [row] = await store.listLegacySources({ name });
      if (row !== undefined && row.upgradedTo === null) return describe(row);
      if (row !== undefined) {
        const newName = fromPathKey(row.upgradedTo!).join(".");
        throw new NotFoundError(
          `dataSourceName: "${name}" is called "${newName}" since its host was upgraded; use that name, or id ${row.id}`,
          {
            field: "dataSourceName",
          },
        );
      }
      const [upgraded] = await upgradedCalled(name);
      if (upgraded !== undefined) return describe(upgraded);
      throw new NotFoundError(`dataSourceName: there is no data source "${name}"; list them to see their names`, {
        field: "dataSourceName",
      });
    },

    async setEnabled(id, isEnabled) {
      await requireSource(id, isEnabled ? "enable" : "disable");
      await demand(await store.setLegacyEnabled([id], isEnabled), isEnabled ? "enable" : "disable");
      return describe((await store.listLegacySources({ ids: [id] }))[0]!);
    },

    delete: (id) => deleteOne(id),

    async changeMany(type, ids) {
      const action = ACTION_OF[type];
      for (const id of ids) await requireSource(id, action);
      await demand(await (type === "delete" ? store.deleteLegacySources(ids) : store.setLegacyEnabled(ids, type === "restore")), action);
      return { ids };
    },

    async detect(scope) {
      const hosts = await hostsInScope(scope);
      await requireOpen(
        hosts.map(({ hostKey }) => hostKey),
        "detect",
      );
      return detectChanges({ store, secrets, connections, now }, hosts, scope);
    },

    ...integrations,
  };

  /** @throws BadRequestError when a host was upgraded, naming the call to use instead. */
  async function requireOpen(hostKeys: readonly string[], action: LegacyAction, row?: LegacySourceRow): Promise<void> {
    for (const hostKey of new Set(hostKeys)) {
      const host = await store.getLegacyHost(hostKey);
      if (host?.connectionKey != null) throw refuse(host, action, row);
    }
  }

  function refuse({ host, connectionKey }: Pick<LegacyHostRow, "host" | "connectionKey">, action: LegacyAction, row?: LegacySourceRow) {
    if (row === undefined) return blocked(action, hostText(host), [connectionKey!]);
    const path = row.upgradedTo === null ? [connectionKey!, row.database, row.schema, row.table] : fromPathKey(row.upgradedTo);
    return blocked(action, `data source ${row.id} ("${row.name}") on ${hostText(host)}`, path);
  }

  async function requireOpenHosts(registrations: readonly LegacyRegistration[]): Promise<void> {
    for (const registration of registrations) {
      const host = hostOfRegistration(registration);
      const [first] = registration.tables;
      const path = first === undefined ? (registration.monitored[0] ?? []) : [first.database, first.schema, first.table];
      const connectionKey = (await store.getLegacyHost(hostKeyOf(host)))?.connectionKey ?? (await connections.findByHost(host));
      if (connectionKey != null) throw blocked("create", hostText(host), [connectionKey, ...path]);
    }
  }

  /** The data source, which may still be changed the old way. */
  async function requireSource(id: number, action: LegacyAction): Promise<LegacySourceRow> {
    const [row] = await store.listLegacySources({ ids: [id] });
    if (row !== undefined) {
      await requireOpen([row.hostKey], action, row);
      return row;
    }
    const key = await store.findObject(id);
    if (key === undefined) throw unknownSource(id);
    throw blocked(action, `data source ${id}`, fromPathKey(key));
  }

  async function deleteOne(id: number): Promise<DeletedDataSource> {
    const { name, isEnabled } = await requireSource(id, "delete");
    await demand(await (isEnabled ? store.setLegacyEnabled([id], false) : store.deleteLegacySources([id])), "delete");
    return { success: true, id, name, hardDelete: !isEnabled, disabled: isEnabled };
  }

  async function write(action: LegacyAction, change: LegacyChange): Promise<readonly number[]> {
    const result = await store.changeLegacy(change);
    if ("ids" in result) return result.ids;
    throw await failureOf(result, action);
  }

  async function demand(conflict: LegacyConflict | undefined, action: LegacyAction): Promise<void> {
    if (conflict !== undefined) throw await failureOf(conflict, action);
  }

  /** The host may have been upgraded by another process since it was looked at. */
  async function failureOf(conflict: LegacyConflict, action: LegacyAction): Promise<Error> {
    if (conflict.conflict === "upgraded") return refuse(await requireHost(conflict.hostKey), action);
    return new ConflictError(
      conflict.what === "table"
        ? `the payload holds duplicate tables: one is data source ${conflict.id} ("${conflict.name}") already; leave it out, or change that one`
        : `the name "${conflict.name}" is that of data source ${conflict.id} already; give another name`,
    );
  }

  async function requireHost(hostKey: string): Promise<LegacyHostRow> {
    return (await store.getLegacyHost(hostKey))!;
  }

  /** Two collections may not share a database of one host (contract: V2 payloads). */
  async function requireOwnDatabase(host: LegacyHost, { name, database }: LegacyRegistration): Promise<void> {
    const others = await store.listLegacySources({ hostKey: hostKeyOf(host), isUpgraded: false });
    const other = others.find((row) => row.collection !== null && row.collection !== name && row.database === database);
    if (other === undefined) return;
    throw new ConflictError(
      `connectionKey: database ${database} of ${hostText(host)} is registered under "${other.collection}" already; use that key`,
      { field: "connectionKey" },
    );
  }

  /** Those that the payload names; of a whole container, those that the platform shows now. */
  async function tablesOf(registration: LegacyRegistration): Promise<TableNames[]> {
    const named: TableNames[] = [...registration.tables];
    const [container] = monitoredOf([registration]);
    if (container === undefined) return named;
    const session = await connections.openUnregistered({ connection: connectionOf(registration) });
    try {
      const own = new Set(named.map(placeOf));
      return [...named, ...(await listTables(session, container)).filter((table) => !own.has(placeOf(table)))];
    } finally {
      await session.close();
    }
  }

  async function sourcesFor(technology: string, ids: readonly number[] | undefined, connectionString: string | undefined) {
    const isOfTechnology = ({ hostKey }: LegacySourceRow) => hostKey.toLowerCase().startsWith(`${technology.toLowerCase()} `);
    if (ids !== undefined) {
      const rows: LegacySourceRow[] = [];
      for (const id of ids) rows.push(await requireSource(id, "editConnection"));
      const other = rows.find((row) => !isOfTechnology(row));
      if (other !== undefined) throw new BadRequestError(`ids: data source ${other.id} is not on ${technology}`, { field: "ids" });
      return rows;
    }
    const rows: LegacySourceRow[] = [];
    for (const { hostKey, host } of await store.listLegacyHosts()) {
      const own = await store.listLegacySources({ hostKey });
      rows.push(...own.filter((row) => isOfTechnology(row) && connectionStringOf(host, row) === connectionString));
    }
    if (rows.length > 0) return rows;
    throw new NotFoundError("connectionString: no data source has it; name the data sources by ids instead", { field: "connectionString" });
  }

  async function hostsInScope({ dataSourceIds, hostname, port }: DetectionScope): Promise<LegacyHostRow[]> {
    if (dataSourceIds !== undefined) {
      const keys = new Set<string>();
      for (const id of dataSourceIds) keys.add((await requireSource(id, "detect")).hostKey);
      return (await store.listLegacyHosts()).filter(({ hostKey }) => keys.has(hostKey));
    }
    const all = await store.listLegacyHosts();
    if (hostname === undefined) return all.filter(({ connectionKey }) => connectionKey === null);
    const found = all.filter(({ host }) => host.hostname === hostname.toLowerCase() && host.port === (port ?? host.port));
    if (found.length > 0) return found;
    throw new NotFoundError(`hostname: nothing is registered on ${hostname}`, { field: "hostname" });
  }

  async function upgradedCalled(name: string): Promise<LegacySourceRow[]> {
    const rows = await store.listLegacySources({ isUpgraded: true });
    return rows.filter(({ upgradedTo }) => fromPathKey(upgradedTo!).join(".") === name);
  }

  async function technologyOf(connectionKey: string, known: Map<string, string>): Promise<string> {
    if (!known.has(connectionKey)) known.set(connectionKey, (await store.getConnection(connectionKey))?.technology ?? "");
    return known.get(connectionKey)!;
  }

  async function describe(row: LegacySourceRow): Promise<LegacyDataSource> {
    const { id, name, database, schema, table, collection, isEnabled, tags, owners, policies, hostKey, upgradedTo } = row;
    const objectPath = upgradedTo === null ? null : [...fromPathKey(upgradedTo)];
    const { host } = await requireHost(hostKey);
    return {
      ...{ id, name: objectPath?.join(".") ?? name, database, schema, table, host, collection, isEnabled },
      ...{ tags, owners, policies, objectPath },
    };
  }

  function registrationRow(host: LegacyHost, collection: string | null, registration: LegacyRegistration): NewLegacyRegistration {
    return { host, collection, secretPayload: seal(registration), createdAt: now() };
  }

  function seal(value: unknown): string {
    return secrets.seal(JSON.stringify(value));
  }
}

const ACTION_OF: Readonly<Record<BulkChange, LegacyAction>> = { delete: "delete", restore: "enable", disable: "disable" };

function handlerAnswer(id: number, host: LegacyHost, source: NewLegacySource): RegisteredHandler {
  return { id, dataSourceId: id, warnings: [], connectionString: connectionStringOf(host, source) };
}

/** One text for the database of a host, by which data sources can be found again. */
function connectionStringOf(host: LegacyHost, { database }: { readonly database: string }): string {
  return `${hostText(host)}/${database}`;
}

function policiesOf(payload: unknown): unknown[] {
  const { policyRules } = payload as { policyRules?: unknown };
  if (policyRules === undefined || policyRules === null) return [];
  return Array.isArray(policyRules) ? policyRules : [policyRules];
}

function monitoredOf(registrations: readonly LegacyRegistration[]): MonitoredContainer[] {
  const paths = registrations.flatMap(({ monitored }) => monitored);
  return paths.map(([database, schema]) => ({ database: database!, schema: schema ?? null }));
}

/** @throws BadRequestError for two tables or two names alike in one payload (contract: V1 payloads). */
function requireDistinct(sources: readonly NewLegacySource[]): void {
  const tables = new Set<string>();
  const names = new Set<string>();
  for (const source of sources) {
    const place = placeOf(source);
    if (tables.has(place)) {
      throw new BadRequestError(`the payload holds duplicate tables: ${source.database}.${source.schema}.${source.table}; name each once`);
    }
    if (names.has(source.name)) {
      throw new BadRequestError(`two tables of the payload would be called "${source.name}"; give them names, or another naming template`);
    }
    tables.add(place);
    names.add(source.name);
  }
}

function requireOneHost(registrations: readonly LegacyRegistration[], host: LegacyHost): void {
  const index = registrations.findIndex((one) => hostKeyOf(hostOfRegistration(one)) !== hostKeyOf(host));
  if (index < 0) return;
  const field = `handler.${index}.metadata.hostname`;
  throw new BadRequestError(`${field}: is another host than the first handler's; send one payload for each host`, { field });
}

function unknownSource(id: number): NotFoundError {
  return new NotFoundError(`dataSourceId: there is no data source ${id}; list them to see their ids`, { field: "dataSourceId" });
}

/** The metadata of one of the data sources with what is to be changed put over it. */
function editedPayload(
  sent: LegacyRegistration,
  { database, schema, table }: LegacySourceRow,
  metadata: Readonly<Record<string, unknown>>,
) {
  const { technology, hostname, port, warehouse, httpPath } = sent;
  const given = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
  return {
    handler: { metadata: { hostname, port, warehouse, httpPath, ...given, database, schema, table } },
    dataSource: { blobHandlerType: technology },
  };
}

/** Of a registration, the account and its login. */
function accountOf({ hostname, port, warehouse, httpPath, role, stringOptions, login }: LegacyRegistration) {
  return { hostname, port, warehouse, httpPath, role, stringOptions, login };
}
