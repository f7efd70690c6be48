import { z } from "zod";
import { PlatformError } from "../../sdk/model/errors";
import { compareBytes } from "../../sdk/model/path-key";
import { encodeColumns, type ObservedObject, type ObservedScope, type Platform, type SkippedObjects } from "../../sdk/model/platform";
import type { Column, ObjectType } from "../../sdk/model/data-object";
import { feedSwitches, switchedOn } from "../../sdk/platforms/feed-switches";
import { activityReader, memoryActivity, type MemoryActivity } from "./memory-activity";

/** The password that every account in memory refuses. */
export const WRONG_PASSWORD = "wrong-password";

export interface MemoryTable {
  objectType: ObjectType;
  comment: string | null;
  columns: Column[];
}

/** Database to schema to table. Tests change it between syncs. */
export type MemoryAccount = Map<string, Map<string, Map<string, MemoryTable>>>;

/** A platform whose account is a value in this process, to try the engine's rules on any tree and any fault. */
export interface MemoryPlatform extends Platform {
  readonly account: MemoryAccount;
  /** Tags, lineage and statements of the account. */
  readonly activity: MemoryActivity;
  /** The tables of one schema, to be changed. */
  readonly tables: (database: string, schema: string) => Map<string, MemoryTable>;
  /** Called before each batch of a database is handed over; what it throws is what the platform says. */
  onBatch: (database: string) => unknown;
  /** The same for every other call. */
  onCall: (call: "open" | "check" | "listDatabases" | "readColumns" | "close") => unknown;
  /** Changes the names of the databases that are listed. */
  disturbDatabases: (names: string[]) => string[];
  /** Changes the order or the number of the rows of a database. */
  disturb: (objects: ObservedObject[]) => ObservedObject[];
  /** Sessions that were opened and not closed. */
  openSessions: number;
  refuses: string | undefined;
  /** What opening a session says that it waits for. */
  waitsFor: string | undefined;
  /** What the listings say that they left out. */
  skipped: readonly SkippedObjects[];
  /** What the connection has no grant for, `sales.main.orders`, until the statement `GRANT SEE ON` it is run. */
  readonly lacking: Set<string>;
  /** What a session waits for before it lists anything. */
  ready: Promise<void>;
}

const hostFields = {
  hostname: z.string(),
  port: z.int().optional(),
  authenticationType: z.string().optional(),
  username: z.string().optional(),
  warehouse: z.string().optional(),
  role: z.string().optional(),
};

export function table(columns: readonly string[] = ["id"], objectType: ObjectType = "table"): MemoryTable {
  return {
    objectType,
    comment: null,
    columns: columns.map((name, index) => ({ name, type: "INTEGER", nullable: true, position: index + 1, comment: null })),
  };
}

/** `{ sales: { main: ["orders"] } }` as an account. */
export function account(tree: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>): MemoryAccount {
  return new Map(
    Object.entries(tree).map(([database, schemas]) => [
      database,
      new Map(Object.entries(schemas).map(([schema, tables]) => [schema, new Map(tables.map((name) => [name, table()]))])),
    ]),
  );
}

/** Under the name of a technology that data sources were registered on one by one, it has hosts in place of accounts. */
export function memoryPlatform(content: MemoryAccount, technology: "Memory" | "Snowflake" | "Databricks" = "Memory"): MemoryPlatform {
  const platform: MemoryPlatform = {
    account: content,
    activity: memoryActivity(),
    tables: (database, schema) => content.get(database)!.get(schema)!,
    onBatch: () => undefined,
    onCall: () => undefined,
    disturbDatabases: (names) => names,
    disturb: (objects) => objects,
    openSessions: 0,
    refuses: undefined,
    skipped: [],
    waitsFor: undefined,
    lacking: new Set(),
    ready: Promise.resolve(),
    technology,
    connectionSchema: z.strictObject({
      technology: z.literal(technology),
      ...(technology === "Memory" ? { account: z.string() } : hostFields),
      password: z.string().optional(),
      key: z.strictObject({ name: z.string(), content: z.string() }).optional(),
    }),
    integrationConfigSchema: z.strictObject(feedSwitches),
    normalize: (connection) => connection,
    accountIdentities: (connection) => [`${technology} account ${String(connection["account"] ?? connection["hostname"])}`],
    deriveNativeIntegration: () => ({ type: technology, autoBootstrap: false, config: {} }),
    activityFeeds: switchedOn,
    scripts: {
      setup: ({ databases = [] }) => databases.map((name) => `SHOW ${name};\n`).join(""),
      cleanup: ({ connection, databases }) =>
        databases.map((name) => `HIDE ${name} FROM ${String(connection["account"] ?? connection["hostname"])};\n`).join(""),
    },
    async open({ password }, { onWait } = {}) {
      await platform.onCall("open");
      if (platform.waitsFor !== undefined) onWait?.(platform.waitsFor);
      platform.openSessions++;
      return {
        async check() {
          await platform.onCall("check");
          if (password === WRONG_PASSWORD) throw new PlatformError("connection.password: wrong password", { field: "connection.password" });
          if (platform.refuses !== undefined) throw new PlatformError(platform.refuses, { field: "connection.password" });
        },
        async listDatabases() {
          await platform.ready;
          await platform.onCall("listDatabases");
          return platform
            .disturbDatabases([...content.keys()])
            .sort(compareBytes)
            .map((name) => ({ name, comment: null }));
        },
        async *streamObjects(scope, { columns }) {
          for (const object of platform.disturb(objectsOf(content, scope, columns))) {
            await platform.onBatch(scope.database);
            yield [object];
          }
        },
        async readColumns(database, tables) {
          await platform.onCall("readColumns");
          return tables.flatMap(({ schema, table: name }) => {
            const found = content.get(database)?.get(schema)?.get(name);
            return found === undefined ? [] : [{ schema, table: name, columns: encodeColumns(found.columns) }];
          });
        },
        activity: activityReader(platform.activity),
        skipped: () => platform.skipped,
        async diagnose(connectionKey, objects) {
          const targetOf = (objectPath: readonly string[]) => objectPath.slice(1).join(".");
          const lacking = objects.filter(
            ({ objectPath, missingSince }) => typeof missingSince === "string" || platform.lacking.has(targetOf(objectPath)),
          );
          const findings = lacking.map(({ objectPath }) => {
            const target = targetOf(objectPath);
            return { objectPath, privilege: "SEE", target, sql: `GRANT SEE ON ${target}`, why: `${connectionKey} does not see it` };
          });
          return { grantee: "GOV", findings, statements: findings.map(({ sql }) => sql), warnings: [] };
        },
        async close() {
          await platform.onCall("close");
          platform.openSessions--;
        },
      };
    },
  };
  return platform;
}

function objectsOf(content: MemoryAccount, scope: ObservedScope, withColumns: boolean): ObservedObject[] {
  const schemas = [...(content.get(scope.database) ?? [])].filter(([name]) => scope.schema === undefined || name === scope.schema);
  return schemas.sort(byName).flatMap(([schema, tables]): ObservedObject[] => {
    const own: ObservedObject = { schema, objectType: "schema", comment: null, fingerprint: "" };
    const inScope = [...tables].filter(([name]) => scope.table === undefined || name === scope.table).sort(byName);
    const objects = inScope.map(([name, { objectType, comment, columns }]): ObservedObject => {
      const text = encodeColumns(columns);
      return {
        schema,
        table: name,
        objectType,
        comment,
        fingerprint: `${objectType} ${comment} ${text}`,
        ...(withColumns && { columns: text }),
      };
    });
    return scope.table === undefined ? [own, ...objects] : objects;
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareBytes(a, b);
}
