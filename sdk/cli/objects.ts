import type { ConnectionsApi } from "../model/connections-api";
import type { DataObject } from "../model/data-object";
import { parseObjectPath, type ObjectPath } from "../model/object-path";

const PAGE = 1_000;
const NAME_WIDTH = 40;

export interface ObjectsOptions {
  readonly recursive: boolean;
  readonly json: boolean;
}

/** Prints an object and its children; with `recursive` everything beneath. Without a path, all connections. */
export async function printObjects(
  api: ConnectionsApi,
  text: string | undefined,
  { recursive, json }: ObjectsOptions,
  print: (line: string) => void,
): Promise<number> {
  const path = text === undefined ? [] : parseObjectPath(text);
  let printed = 0;
  const show = (object: DataObject, depth: number) => {
    printed++;
    print(json ? JSON.stringify(object) : treeLine(object, depth));
  };
  if (path.length > 0) show(await api.getObject(path), 0);
  await walk(path, path.length === 0 ? 0 : 1);
  return printed;

  async function walk(parent: ObjectPath, depth: number): Promise<void> {
    for (let offset = 0; ; offset += PAGE) {
      const { hits } = await api.searchObjects(parent, { offset, size: PAGE });
      for (const object of hits) {
        show(object, depth);
        if (recursive && object.objectPath.length < 4) await walk(object.objectPath, depth + 1);
      }
      if (hits.length < PAGE) return;
    }
  }
}

function treeLine({ objectPath, objectType, state, overrides, missingSince }: DataObject, depth: number): string {
  const name = `${"  ".repeat(depth)}${objectPath[objectPath.length - 1]}`;
  const notes = [
    ...(overrides.isActive === undefined ? [] : ["set here"]),
    ...(overrides.activateNewChildren === undefined ? [] : [`new children start ${overrides.activateNewChildren ? "active" : "inactive"}`]),
    ...(missingSince === null ? [] : [`missing since ${missingSince}`]),
  ];
  const line = `${name.padEnd(NAME_WIDTH)} ${objectType.padEnd(10)} ${state}`;
  return notes.length === 0 ? line : `${line.padEnd(NAME_WIDTH + 20)} (${notes.join("; ")})`;
}

/** What to say where there is nothing to print. */
export function nothingRegistered(store: string): string {
  return `no connection is registered in ${store}; register one with \`connections register\` or \`pulumi up\``;
}
