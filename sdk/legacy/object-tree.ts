import { fewestOverrides, type WantedTree } from "../model/fewest-overrides";
import type { LegacyOrigin } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";
import { compareBytes, toPathKey } from "../model/path-key";
import type { PlannedOverride } from "./plan";

/** A registered table: what its data source was called, and where that stands. */
export interface RegisteredTable {
  readonly name: string;
  readonly origin: LegacyOrigin;
}

interface SchemaNode {
  whole: boolean;
  readonly tables: Map<string, RegisteredTable>;
}

interface DatabaseNode {
  whole: boolean;
  readonly schemas: Map<string, SchemaNode>;
}

/** What is registered of one account. */
export class ObjectTree {
  readonly #databases = new Map<string, DatabaseNode>();

  /** A database or schema with everything in it, now and later. */
  addWhole([database, schema]: ObjectPath): void {
    const node = this.#database(database!);
    if (schema === undefined) node.whole = true;
    else this.#schema(node, schema).whole = true;
  }

  /** @returns the table as it was registered before, if it was. */
  addTable(database: string, schema: string, table: string, registered: RegisteredTable): RegisteredTable | undefined {
    const { tables } = this.#schema(this.#database(database), schema);
    const before = tables.get(table);
    if (before === undefined) tables.set(table, registered);
    return before;
  }

  /** Registered tables in byte order of their paths. */
  *tables(): Generator<{ readonly database: string; readonly schema: string; readonly table: string } & RegisteredTable> {
    for (const [database, { schemas }] of sorted(this.#databases)) {
      for (const [schema, { tables }] of sorted(schemas)) {
        for (const [table, registered] of sorted(tables)) yield { database, schema, table, ...registered };
      }
    }
  }

  /**
   * The fewest overrides beneath a connection of this key that make active exactly what is registered, and let exactly what is
   * registered whole activate what it gets later. Tables that nobody named stay inactive.
   */
  overrides(connectionKey: string): PlannedOverride[] {
    const merged = new Map<string, PlannedOverride>();
    const add = (path: readonly string[], setting: Omit<PlannedOverride, "objectPath">) => {
      const objectPath = [connectionKey, ...path];
      const key = toPathKey(objectPath);
      merged.set(key, { ...(merged.get(key) ?? { objectPath }), ...setting });
    };
    const values = [false, true];
    for (const { path, value } of fewestOverrides(this.#wanted(true), false, values)) add(path, { isActive: value });
    for (const { path, value } of fewestOverrides(this.#wanted(undefined), false, values)) add(path, { activateNewChildren: value });
    return [...merged].sort(([a], [b]) => compareBytes(a, b)).map(([, override]) => override);
  }

  /** @param ofTable what a registered table wants; nothing is found beneath one */
  #wanted(ofTable: true | undefined): WantedTree<boolean> {
    const map = <From, To>(from: ReadonlyMap<string, From>, to: (value: From) => To) =>
      new Map([...from].map(([name, value]) => [name, to(value)]));
    const children = map(this.#databases, (database) => ({
      wanted: database.whole,
      children: map(database.schemas, (schema) => ({
        wanted: database.whole || schema.whole,
        children: map(schema.tables, () => ({ wanted: ofTable })),
      })),
    }));
    return { wanted: false, children };
  }

  #database(name: string): DatabaseNode {
    return getOrAdd(this.#databases, name, () => ({ whole: false, schemas: new Map() }));
  }

  #schema(database: DatabaseNode, name: string): SchemaNode {
    return getOrAdd(database.schemas, name, () => ({ whole: false, tables: new Map() }));
  }
}

export function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => compareBytes(a, b));
}
