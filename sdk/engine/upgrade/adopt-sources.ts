import type { RegisteredOwner } from "../../model/legacy-data-source";
import type { AdoptedSource, LegacySourceRow, MonitoredRow } from "../../model/legacy-store";
import { StoreError } from "../../model/errors";
import { lineage, type ObjectPath } from "../../model/object-path";
import { depthOf, fromPathKey, toPathKey, type PathKey } from "../../model/path-key";
import type { Principal, SettingsPatch } from "../../model/settings";
import type { Registered, Store } from "../../model/store";
import type { UpgradeResult } from "../../model/upgrade";
import { effectiveSettings } from "../effective";
import { readLegacyAccount, type LegacyDatabase } from "./legacy-account";
import { resolveName, type Left, type Match } from "./match-tables";

/** Data sources that move in one transaction, where nothing asks for more. */
const SOURCES_PER_STEP = 500;
const CHILDREN_PER_PAGE = 1_000;
const TABLE_DEPTH = 4;

export interface AdoptionRun {
  readonly store: Store;
  readonly connection: Registered;
  readonly hostKey: string;
  /** Why a database could not be synced, by its name. */
  readonly troubles: ReadonlyMap<string, string>;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Moves a host's data sources to the objects that a sync has recorded. Every step is one transaction in which a data source ends there
 * and is active here, so that at no moment it is nowhere; what was done stays done when the rest is cut off.
 */
export async function adoptSources(run: AdoptionRun): Promise<UpgradeResult> {
  const { store, connection, hostKey, signal } = run;
  const { connectionKey } = connection;
  const account = await readLegacyAccount(store, hostKey, await recordedDatabases(store, connectionKey));
  const total = account.left.length + [...account.databases.values()].reduce((sum, { sources }) => sum + sources.length, 0);
  const left: Left[] = [...account.left];
  const activated: ObjectPath[] = [];
  const owners = ownerLookup(store);
  let upgraded = 0;

  for (const [database, legacy] of account.databases) {
    signal.throwIfAborted();
    const schemas = await seeRecorded(store, [connectionKey, database], legacy);
    const { matches, left: unmatched } = legacy.matcher.result();
    left.push(...unmatched);
    for (const step of stepsOf(database, matches, legacy.monitored, schemas)) {
      signal.throwIfAborted();
      const containerKey = step.container && toPathKey([connectionKey, ...step.container.path]);
      const sources = await adopted(store, connectionKey, database, step.matches, containerKey, owners.idsOf);
      const container = step.container && { key: containerKey!, monitored: step.container.monitored };
      if (!(await store.adopt(connection, { sources, ...(container && { container }) }))) throw gone(connectionKey);
      if (step.container) activated.push([connectionKey, ...step.container.path]);
      upgraded += sources.length;
      run.onProgress(upgraded, total);
    }
  }
  await store.setUpgradeReasons(
    left.map(({ source, reason }) => {
      const trouble = run.troubles.get(source.database);
      return { id: source.id, reason: trouble === undefined ? reason : `${source.database} was not synced: ${trouble}` };
    }),
  );
  await store.setUpgraded(connection);
  return { upgraded, remaining: left.length, activated, unknownOwners: owners.unknown() };
}

interface Step {
  readonly matches: readonly Match[];
  readonly container?: { readonly path: readonly string[]; readonly monitored: MonitoredRow };
}

/**
 * A monitored container moves as a whole, since its tables become active at once: none of them may be there and here, or inactive in
 * between. What one setting has made active before is not set again.
 */
function stepsOf(database: string, matches: readonly Match[], monitored: readonly MonitoredRow[], schemas: readonly string[]): Step[] {
  const open = monitored.filter(({ isApplied }) => !isApplied);
  const whole = open.find(({ schema }) => schema === null);
  const steps: Step[] = [];
  let rest = matches;
  if (whole !== undefined) {
    steps.push({ matches: rest, container: { path: [database], monitored: whole } });
    rest = [];
  }
  for (const one of open) {
    const schema = one.schema === null ? undefined : resolveName(one.schema, schemas);
    if (schema === undefined) continue;
    steps.push({
      matches: rest.filter((match) => match.schema === schema),
      container: { path: [database, schema], monitored: one },
    });
    rest = rest.filter((match) => match.schema !== schema);
  }
  for (let from = 0; from < rest.length; from += SOURCES_PER_STEP) steps.push({ matches: rest.slice(from, from + SOURCES_PER_STEP) });
  return steps;
}

/** @returns the database's schemas. */
async function seeRecorded(store: Store, path: ObjectPath, { matcher }: LegacyDatabase): Promise<string[]> {
  const schemas: string[] = [];
  for await (const batch of store.streamObjects(toPathKey(path))) {
    for (const { key, missingSince } of batch) {
      if (missingSince !== null || depthOf(key) < TABLE_DEPTH - 1) continue;
      const [, , schema, table] = fromPathKey(key) as [string, string, string, string?];
      if (table === undefined) schemas.push(schema);
      else matcher.see(schema, table);
    }
  }
  return schemas;
}

async function adopted(
  store: Store,
  connectionKey: string,
  database: string,
  matches: readonly Match[],
  container: PathKey | undefined,
  ownersOf: (source: LegacySourceRow) => Promise<Principal[]>,
): Promise<AdoptedSource[]> {
  const paths = matches.map(({ schema, table }) => [connectionKey, database, schema, table]);
  const keys = new Set(paths.flatMap((path) => lineage(path).map(toPathKey)));
  const recorded = new Map(await store.getOverrides([...keys]));
  if (container !== undefined) recorded.set(container, { ...recorded.get(container), isActive: true });
  const sources: AdoptedSource[] = [];
  for (const [index, { source }] of matches.entries()) {
    const path = paths[index]!;
    const dataOwners = await ownersOf(source);
    const settings: SettingsPatch = {
      ...(effectiveSettings(path, recorded).isActive !== source.isEnabled && { isActive: source.isEnabled }),
      ...(dataOwners.length > 0 && { dataOwners }),
    };
    sources.push({ id: source.id, key: toPathKey(path), settings, tags: source.tags });
  }
  return sources;
}

/** Owners that are known by name only are looked up once each. */
function ownerLookup(store: Store) {
  const ids = new Map<string, number | undefined>();
  const keyOf = ({ type, name }: { type: "user" | "group"; name: string }) => `${type} ${name}`;

  return {
    idsOf: async ({ owners }: LegacySourceRow): Promise<Principal[]> => {
      const found: Principal[] = [];
      for (const owner of owners) {
        const id = "id" in owner ? owner.id : await lookUp(owner);
        if (id !== undefined) found.push({ type: owner.type, id });
      }
      return found;
    },
    unknown: (): string[] => [...ids].filter(([, id]) => id === undefined).map(([key]) => key),
  };

  async function lookUp(owner: Extract<RegisteredOwner, { name: string }>): Promise<number | undefined> {
    const key = keyOf(owner);
    if (!ids.has(key)) ids.set(key, (await store.findPrincipals(owner.type, [owner.name])).get(owner.name));
    return ids.get(key);
  }
}

async function recordedDatabases(store: Store, connectionKey: string): Promise<string[]> {
  const names: string[] = [];
  for (let offset = 0; ; offset += CHILDREN_PER_PAGE) {
    const page = { offset, size: CHILDREN_PER_PAGE, sortOrder: "asc", searchText: undefined } as const;
    const { rows } = await store.listChildren(toPathKey([connectionKey]), page);
    names.push(...rows.filter(({ missingSince }) => missingSince === null).map(({ key }) => fromPathKey(key)[1]!));
    if (rows.length < CHILDREN_PER_PAGE) return names;
  }
}

function gone(connectionKey: string): StoreError {
  return new StoreError(`${connectionKey}: the connection was deregistered while its host was upgraded; what was moved went with it`);
}
