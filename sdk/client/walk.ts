import type { ConnectionsApi, ObjectOverrides, ObjectQuery, Part } from "../model/connections-api";
import type { DataObject, ListedObject, ObjectCounts } from "../model/data-object";
import type { ObjectPath } from "../model/object-path";

const PAGE = 1_000;
const TABLE_ELEMENTS = 4;

type Reader = Pick<ConnectionsApi, "getObject" | "searchObjects">;

/** The overrides at and beneath a path, read by nothing but the contract's calls: branches without any are not gone into. */
export async function walkOverrides(api: Reader, objectPath: ObjectPath): Promise<ObjectOverrides[]> {
  const found: ObjectOverrides[] = [];
  const visit = async (object: DataObject): Promise<void> => {
    if (Object.keys(object.overrides).length > 0) found.push({ objectPath: object.objectPath, overrides: object.overrides });
    const leadsToMore = Object.values(object.settings).some((setting) => setting?.hasDescendantsWithOverrides === true);
    if (leadsToMore) for await (const child of childrenOf(api, object.objectPath)) await visit(child);
  };
  await visit(await api.getObject(objectPath));
  return found;
}

/** Everything at and beneath a path in one part, read by nothing but the contract's calls. `after` and `size` are not looked at. */
export async function walkObjects(
  api: Reader,
  objectPath: ObjectPath,
  { state, objectType }: Pick<ObjectQuery, "state" | "objectType">,
): Promise<Part<ListedObject>> {
  const hits: ListedObject[] = [];
  const visit = async (object: DataObject): Promise<void> => {
    const isWanted = (state ?? object.state) === object.state && (objectType ?? object.objectType) === object.objectType;
    if (isWanted) hits.push(object);
    if (object.objectPath.length < TABLE_ELEMENTS) for await (const child of childrenOf(api, object.objectPath)) await visit(child);
  };
  await visit(await api.getObject(objectPath));
  return { hits, next: null };
}

/** Counts by looking at every object beneath a path. */
export async function walkCounts(api: Reader, objectPath: ObjectPath): Promise<ObjectCounts> {
  const counts = { databases: 0, schemas: 0, tables: 0, dataSources: 0, missing: 0 };
  const visit = async (path: ObjectPath): Promise<void> => {
    if (path.length >= TABLE_ELEMENTS) return;
    const kind = (["databases", "schemas", "tables"] as const)[path.length - 1]!;
    for await (const child of childrenOf(api, path)) {
      // Servers of the contract alone do not tell.
      if (typeof child.missingSince === "string") counts.missing++;
      else {
        counts[kind]++;
        if (kind === "tables" && child.state === "active") counts.dataSources++;
      }
      await visit(child.objectPath);
    }
  };
  await visit((await api.getObject(objectPath)).objectPath);
  return counts;
}

async function* childrenOf(api: Reader, objectPath: ObjectPath): AsyncGenerator<DataObject> {
  for (let offset = 0; ; offset += PAGE) {
    const { hits } = await api.searchObjects(objectPath, { offset, size: PAGE });
    yield* hits;
    if (hits.length < PAGE) return;
  }
}
