import { fewestOverrides, type Override, type WantedTree } from "../model/fewest-overrides";
import type { TableNames } from "../model/legacy/names";
import type { LegacyOrigin } from "../model/legacy/registration";
import type { ObjectPath } from "../model/object-path";
import { compareBytes, fromPathKey, toPathKey, type PathKey } from "../model/path-key";
import type { PlannedOverride } from "./plan";
import type { Spool } from "./spool";
import { SpooledRecords } from "./spooled-records";

/** A registered table: what its data source was called, and where that stands. */
export interface RegisteredTable extends TableNames {
  readonly name: string;
  readonly origin: LegacyOrigin;
}

/** What is told of the registered tables, in byte order of their paths. */
export interface TableVisitor {
  /** Each table, as it was registered first. */
  readonly first: (table: RegisteredTable) => void;
  /** Each further registration of a table. */
  readonly again: (table: RegisteredTable, before: RegisteredTable) => void;
}

/** One registration of a database, a schema or a table; tables alone have a name. */
interface Registered {
  readonly key: PathKey;
  readonly name?: string;
  readonly origin?: LegacyOrigin;
}

interface SchemaNode {
  whole: boolean;
  readonly tables: string[];
}

interface DatabaseNode {
  whole: boolean;
  readonly schemas: Map<string, SchemaNode>;
}

/** What is registered of one account. */
export class ObjectTree {
  readonly #registered: SpooledRecords<Registered>;

  constructor(spool: Spool | undefined) {
    this.#registered = new SpooledRecords(spool, (a, b) => compareBytes(a.key, b.key));
  }

  /** A database or schema with everything in it, now and later. */
  addWhole(path: ObjectPath): void {
    this.#registered.add({ key: toPathKey(path) });
  }

  addTable({ database, schema, table, name, origin }: RegisteredTable): void {
    this.#registered.add({ key: toPathKey([database, schema, table]), name, origin });
  }

  /**
   * The fewest overrides beneath a connection of this key that make active exactly what is registered, and let exactly what is
   * registered whole activate what it gets later. Tables that nobody named stay inactive.
   */
  *overrides(connectionKey: string, visitor: TableVisitor): Generator<PlannedOverride> {
    // The connection itself stays inactive, so that no database depends on another: one at a time is in memory.
    for (const [name, database] of this.#databases(visitor)) yield* overridesOf(connectionKey, name, database);
  }

  *#databases(visitor: TableVisitor): Generator<[string, DatabaseNode]> {
    let current: [string, DatabaseNode] | undefined;
    let before: RegisteredTable | undefined;
    for (const { key, name, origin } of this.#registered) {
      const [database, schema, table] = fromPathKey(key) as [string, string?, string?];
      if (current?.[0] !== database) {
        if (current !== undefined) yield current;
        current = [database, { whole: false, schemas: new Map() }];
        before = undefined;
      }
      const [, node] = current;
      if (schema === undefined) node.whole = true;
      else if (table === undefined) schemaOf(node, schema).whole = true;
      else {
        const registered = { database, schema, table, name: name!, origin: origin! };
        if (before?.schema === schema && before.table === table) visitor.again(registered, before);
        else {
          before = registered;
          schemaOf(node, schema).tables.push(table);
          visitor.first(registered);
        }
      }
    }
    if (current !== undefined) yield current;
  }
}

function schemaOf({ schemas }: DatabaseNode, name: string): SchemaNode {
  return getOrAdd(schemas, name, () => ({ whole: false, tables: [] }));
}

function overridesOf(connectionKey: string, name: string, database: DatabaseNode): PlannedOverride[] {
  const statuses = fewestIn(name, wantedOf(database, true));
  const activating = fewestIn(name, wantedOf(database, undefined));
  const paths = new Map([...statuses, ...activating].map(([key, { path }]) => [key, path]));
  return sorted(paths).map(([key, path]) => ({
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
    const tables = ofTable === undefined ? [] : schema.tables;
    return [name, { wanted: whole || schema.whole, children: new Map(tables.map((table) => [table, { wanted: ofTable }])) }];
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
