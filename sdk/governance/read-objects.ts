import type { ConnectionsApi } from "../model/connections-api";
import type { ListedObject } from "../model/data-object";
import { formatObjectPath } from "../model/object-path";
import { compareBytes, toPathKey } from "../model/path-key";
import type { SyncPlan } from "../model/sync-plan";
import type { GovernedObject, Rule } from "./rules";

const OBJECTS_PAGE = 10_000;
const TAGS_PAGE = 1_000;

type Reader = Pick<ConnectionsApi, "listObjects" | "listTags">;

/** Every object of a connection as rules see it, in order of the path. Tags are read only where a rule asks for one. */
export async function readGoverned(api: Reader, connectionKey: string, rules: readonly Rule[]): Promise<GovernedObject[]> {
  const tags = rules.some(({ match }) => match.tag !== undefined) ? await readTags(api, connectionKey) : new Map<string, Tag[]>();
  const objects = await readAll(api, connectionKey);
  return objects.map(({ objectPath, objectType, owner, createdAt }) => ({
    objectPath,
    objectType,
    owner: owner ?? null,
    createdAt: createdAt ?? null,
    tags: tags.get(formatObjectPath(objectPath)) ?? [],
  }));
}

/** With the objects that a sync would add: of these nothing is known but path and type. */
export function withPlanned(objects: readonly GovernedObject[], plan: SyncPlan): GovernedObject[] {
  const added = plan.changes
    .filter(({ kind }) => kind === "new")
    .map(({ objectPath, objectType }) => ({ objectPath, objectType, owner: null, createdAt: null, tags: [] }));
  if (added.length === 0) return [...objects];
  const keyed = [...objects, ...added].map((object) => ({ object, key: toPathKey(object.objectPath) }));
  return keyed.sort((a, b) => compareBytes(a.key, b.key)).map(({ object }) => object);
}

type Tag = GovernedObject["tags"][number];

async function readAll(api: Reader, connectionKey: string): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const { hits, next } = await api.listObjects([connectionKey], { size: OBJECTS_PAGE, ...(after && { after }) });
    // One by one: a spread of ten thousand arguments is near what a call can take.
    for (const hit of hits) objects.push(hit);
    after = next;
  }
  return objects;
}

async function readTags(api: Reader, connectionKey: string): Promise<ReadonlyMap<string, Tag[]>> {
  const tags = new Map<string, Tag[]>();
  for (let after: string | null | undefined; after !== null;) {
    const { hits, next } = await api.listTags([connectionKey], { size: TAGS_PAGE, ...(after && { after }) });
    for (const { objectPath, name, value } of hits) {
      const path = formatObjectPath(objectPath);
      const known = tags.get(path);
      if (known === undefined) tags.set(path, [{ name, value }]);
      else known.push({ name, value });
    }
    after = next;
  }
  return tags;
}
