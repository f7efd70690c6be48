import { SORT_FIELDS, type ObjectOverrides, type OverridesQuery, type Page, type SearchQuery } from "../model/connections-api";
import type { DataObject } from "../model/data-object";
import { BadRequestError, NotFoundError } from "../model/errors";
import { formatObjectPath, levelOf, lineage, type ObjectPath } from "../model/object-path";
import { compareBytes, fromPathKey, toPathKey, type PathKey } from "../model/path-key";
import { decodeColumns } from "../model/platform";
import type { SettingName, Settings } from "../model/settings";
import type { ObjectRow, OverrideRow, Store } from "../model/store";
import { effectiveSettings } from "./effective";
import { pageSize } from "./page-size";

const TABLE_ELEMENTS = 4;

/** @throws NotFoundError saying which element of the path is the first that does not exist. */
export async function requireObject(store: Store, path: ObjectPath): Promise<ObjectRow> {
  const keys = lineage(path).map(toPathKey);
  const rows = new Map((await store.getObjects(keys)).map((row) => [row.key, row]));
  const own = rows.get(keys[keys.length - 1]!);
  if (own !== undefined) return own;
  throw notFound(
    path,
    keys.findIndex((key) => !rows.has(key)),
  );
}

/** As `requireObject` for many: the error of each object that does not exist, by its key. */
export async function missingObjects(store: Store, paths: readonly ObjectPath[]): Promise<ReadonlyMap<PathKey, NotFoundError>> {
  const keys = new Set(paths.flatMap((path) => lineage(path).map(toPathKey)));
  const known = new Set((await store.getObjects([...keys])).map(({ key }) => key));
  const missing = paths.filter((path) => !known.has(toPathKey(path)));
  return new Map(
    missing.map((path) => [
      toPathKey(path),
      notFound(
        path,
        lineage(path).findIndex((at) => !known.has(toPathKey(at))),
      ),
    ]),
  );
}

export async function readObject(store: Store, path: ObjectPath, columns: boolean): Promise<DataObject> {
  const row = await requireObject(store, path);
  const [object] = await viewObjects(store, [row]);
  if (!columns || path.length < TABLE_ELEMENTS) return object!;
  const text = (await store.getColumns([row.key])).get(row.key);
  return { ...object!, columns: text === undefined ? [] : decodeColumns(text) };
}

export async function searchObjects(store: Store, parent: ObjectPath, query: SearchQuery): Promise<Page<DataObject>> {
  const { offset = 0, sortField = "name", sortOrder = "asc", searchText } = query;
  if (!Number.isInteger(offset) || offset < 0)
    throw new BadRequestError(`offset: expected a whole number from 0 up, got ${offset}`, { field: "offset" });
  if (!SORT_FIELDS.includes(sortField)) {
    throw new BadRequestError(`sortField: expected one of ${SORT_FIELDS.join(", ")}, got "${String(sortField)}"`, { field: "sortField" });
  }
  const size = pageSize(query.size);
  const key = parent.length === 0 ? undefined : (await requireObject(store, parent)).key;
  if (parent.length === TABLE_ELEMENTS) return { count: 0, hits: [] };
  const inheritsActive = sortField === "state" && (await isActiveAt(store, parent));
  const { count, rows } = await store.listChildren(key, { offset, size, sortField, inheritsActive, sortOrder, searchText });
  return { count, hits: await viewObjects(store, rows) };
}

export async function listOverrides(store: Store, path: ObjectPath, { changes = false }: OverridesQuery): Promise<ObjectOverrides[]> {
  const { key } = await requireObject(store, path);
  const rows = await store.listOverrides(key);
  if (!changes) return rows.map(overridesAt);
  const found = new Map<PathKey, ObjectOverrides>(rows.map((row) => [row.key, { ...overridesAt(row), changes: {} }]));
  for (const { key: at, setting, ...change } of await store.listSettingChanges(key)) {
    const known = found.get(at) ?? overridesAt({ key: at, overrides: {} });
    found.set(at, { ...known, changes: { ...known.changes, [setting]: { at: change.at, by: change.by } } });
  }
  return [...found].sort(([a], [b]) => compareBytes(a, b)).map(([, overrides]) => overrides);
}

async function isActiveAt(store: Store, path: ObjectPath): Promise<boolean> {
  return effectiveSettings(path, await store.getOverrides(lineage(path).map(toPathKey))).isActive;
}

function overridesAt({ key, overrides }: OverrideRow): ObjectOverrides {
  return { objectPath: [...fromPathKey(key)], overrides };
}

/** Objects as a read shows them. All ancestors' overrides are read in one query. */
export async function viewObjects(store: Store, rows: readonly ObjectRow[]): Promise<DataObject[]> {
  const paths = rows.map(({ key }) => fromPathKey(key));
  const keys = new Set<PathKey>(paths.flatMap((path) => lineage(path).map(toPathKey)));
  const overrides = await store.getOverrides([...keys]);
  const technologies = new Map<string, string>();
  for (const connectionKey of new Set(paths.map(([first]) => first!))) {
    technologies.set(connectionKey, (await store.getConnection(connectionKey))?.technology ?? "");
  }
  const views: DataObject[] = [];
  for (const [index, row] of rows.entries()) {
    const path = paths[index]!;
    const beneath: ReadonlySet<SettingName> = path.length < TABLE_ELEMENTS ? await store.overriddenBeneath(row.key) : new Set();
    views.push(viewOne(row, path, technologies.get(path[0]!)!, overrides, beneath));
  }
  return views;
}

function viewOne(
  row: ObjectRow,
  path: ObjectPath,
  technology: string,
  overrides: ReadonlyMap<PathKey, Settings>,
  beneath: ReadonlySet<SettingName>,
): DataObject {
  const effective = effectiveSettings(path, overrides);
  const ruling = lineage(path).reverse();
  const setOn = (name: "isActive" | "activateNewChildren") =>
    ruling.find((at) => overrides.get(toPathKey(at))?.[name] !== undefined) ?? null;
  const setting = <T>(name: SettingName, value: T) => ({ value, hasDescendantsWithOverrides: beneath.has(name) });
  return {
    id: row.id,
    objectPath: [...path],
    technology,
    objectType: row.objectType,
    state: effective.isActive ? "active" : "inactive",
    settings: {
      isActive: { ...setting("isActive", effective.isActive), setOn: setOn("isActive") },
      activateNewChildren: { ...setting("activateNewChildren", effective.activateNewChildren), setOn: setOn("activateNewChildren") },
      dataOwners: setting("dataOwners", effective.dataOwners),
      infrastructureAdmins: setting("infrastructureAdmins", effective.infrastructureAdmins),
    },
    overrides: overrides.get(row.key) ?? {},
    comment: row.comment,
    owner: row.owner,
    createdAt: row.createdAt,
    lastAlteredAt: row.lastAlteredAt,
    missingSince: row.missingSince,
  };
}

function notFound(path: ObjectPath, index: number): NotFoundError {
  const text = formatObjectPath(path);
  const name = path[index]!;
  const level = levelOf(path.slice(0, index + 1));
  if (index === 0) {
    return new NotFoundError(`${text}: there is no connection "${name}"; register it first, or correct the key`, { field: "objectPath" });
  }
  const above = formatObjectPath(path.slice(0, index));
  return new NotFoundError(
    `${text}: there is no ${level} "${name}" in ${above} (names are case-sensitive); correct the name, ` +
      `or sync ${above} if it is new on the platform`,
    { field: "objectPath" },
  );
}
