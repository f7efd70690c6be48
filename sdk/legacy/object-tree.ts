import { fewestOverrides, type Override, type WantedTree } from "../model/fewest-overrides";
import type { TableNames } from "../model/legacy/names";
import type { LegacyOrigin } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";
import { compareBytes, toPathKey } from "../model/path-key";
import type { PlannedOverride } from "./plan";

/** A registered table: what its data source was called, and where that stands. */
export interface RegisteredTable extends TableNames {
  readonly name: string;
  readonly origin: LegacyOrigin;
}

interface SchemaNode {
  whole: boolean;
  /** Made with the first one: most schemas that are registered whole have none. */
  tables?: Map<string, RegisteredTable>;
}

interface DatabaseNode {
  whole: boolean;
  readonly schemas: Map<string, SchemaNode>;
}

const NO_TABLES: ReadonlyMap<string, RegisteredTable> = new Map();

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
  addTable(registered: RegisteredTable): RegisteredTable | undefined {
    const { database, schema, table } = registered;
    const tables = (this.#schema(this.#database(database), schema).tables ??= new Map<string, RegisteredTable>());
    const before = tables.get(table);
    if (before === undefined) tables.set(table, registered);
    return before;
  }

  /** Registered tables in byte order of their paths. */
  *tables(): Generator<RegisteredTable> {
    for (const [, { schemas }] of sorted(this.#databases)) {
      for (const [, { tables = NO_TABLES }] of sorted(schemas)) {
        for (const [, registered] of sorted(tables)) yield registered;
      }
    }
  }

  /**
   * The fewest overrides beneath a connection of this key that make active exactly what is registered, and let exactly what is
   * registered whole activate what it gets later. Tables that nobody named stay inactive.
   */
  overrides(connectionKey: string): PlannedOverride[] {
    // The connection itself stays inactive, so that no database depends on another: one at a time is in memory.
    return sorted(this.#databases).flatMap(([name, database]) => overridesOf(connectionKey, name, database));
  }

  #database(name: string): DatabaseNode {
    return getOrAdd(this.#databases, name, () => ({ whole: false, schemas: new Map() }));
  }

  #schema(database: DatabaseNode, name: string): SchemaNode {
    return getOrAdd(database.schemas, name, () => ({ whole: false }));
  }
}

function overridesOf(connectionKey: string, name: string, database: DatabaseNode): PlannedOverride[] {
  const statuses = fewestIn(name, wantedOf(database, true));
  const activating = fewestIn(name, wantedOf(database, undefined));
  const paths = new Map([...statuses, ...activating].map(([key, { path }]) => [key, path]));
  return sorted(paths).map(([key, path]) => ({
    // Names that the tree holds already, in an array of just their number.
    objectPath: [connectionKey].concat(path),
    isActive: statuses.get(key)?.value,
    activateNewChildren: activating.get(key)?.value,
  }));
}

/** By path key beneath the connection. */
function fewestIn(name: string, wanted: WantedTree<boolean>): ReadonlyMap<string, Override<boolean>> {
  const root = { wanted: false, children: new Map([[name, wanted]]) };
  return new Map(fewestOverrides(root, false, [false, true]).map((override) => [toPathKey(override.path), override]));
}

/** @param ofTable what a registered table wants; nothing is found beneath one */
function wantedOf({ whole, schemas }: DatabaseNode, ofTable: true | undefined): WantedTree<boolean> {
  const children = [...schemas].map(([name, schema]): [string, WantedTree<boolean>] => {
    const tables = ofTable === undefined ? NO_TABLES : (schema.tables ?? NO_TABLES);
    return [name, { wanted: whole || schema.whole, children: new Map([...tables.keys()].map((table) => [table, { wanted: ofTable }])) }];
  });
  return { wanted: whole, children: new Map(children) };
}

export function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => compareBytes(a, b));
}
