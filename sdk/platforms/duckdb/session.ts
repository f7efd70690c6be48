import { DuckDBInstance, LIST, VARCHAR, listValue } from "@duckdb/node-api";
import { PlatformError } from "../../model/errors";
import type { ObservedObject, PlatformSession, TableColumns } from "../../model/platform";
import { compareBytes } from "../../model/path-key";
import type { DuckdbConnection } from "./connection";
import { duckdbError } from "./errors";
import { listObjectsSql, readColumnsSql, toObservedObject, type ColumnsRecord, type ObjectRecord } from "./list-objects";
import { quoteText } from "./quote";

/** The name that a file is attached under; the file's own name may not be one. */
const ALIAS = "attached";

/** Every file in an instance of its own: catalog functions read all attached files, however one asks. */
export async function openDuckdb({ databases, encryptionKey }: DuckdbConnection): Promise<PlatformSession> {
  const attached = new Map<string, Promise<DuckDBInstance>>();

  function attach(database: string): Promise<DuckDBInstance> {
    const file = fileOf(database);
    let opening = attached.get(database);
    if (opening === undefined) {
      opening = attachFile(file, encryptionKey).catch((error: unknown) =>
        Promise.reject(duckdbError(error, database, file, encryptionKey)),
      );
      attached.set(database, opening);
    }
    return opening;
  }

  /**
   * One connection for one statement: a second statement on the same one would cut the first one's rows off without a
   * word. The signal stops the statement.
   */
  async function connect(database: string, signal: AbortSignal | undefined) {
    const connection = await (await attach(database)).connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener("abort", interrupt);
    const disconnect = () => {
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
    };
    return { connection, disconnect };
  }

  function fileOf(database: string): string {
    const file = databases[database];
    if (file === undefined) throw new PlatformError(`connection.databases: there is no database "${database}"`);
    return file;
  }

  return {
    async check() {
      for (const database of Object.keys(databases)) await attach(database);
    },

    async listDatabases() {
      return Object.keys(databases)
        .sort(compareBytes)
        .map((name) => ({ name, comment: null }));
    },

    async *streamObjects(scope, { columns, signal }): AsyncGenerator<ObservedObject[]> {
      const { connection, disconnect } = await connect(scope.database, signal);
      const values = {
        database: ALIAS,
        ...(scope.schema !== undefined && { schema: scope.schema }),
        ...(scope.table !== undefined && { table: scope.table }),
      };
      try {
        const result = await connection.stream(listObjectsSql(scope, columns), values);
        for await (const rows of result.yieldRows()) {
          signal?.throwIfAborted();
          yield rows.map((row) => toObservedObject(row as unknown as ObjectRecord));
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw duckdbError(error, scope.database, fileOf(scope.database), encryptionKey);
      } finally {
        disconnect();
      }
    },

    async readColumns(database, tables, signal): Promise<TableColumns[]> {
      signal?.throwIfAborted();
      const { connection, disconnect } = await connect(database, signal);
      try {
        const result = await connection.runAndReadAll(
          readColumnsSql(),
          {
            database: ALIAS,
            schemas: listValue(tables.map(({ schema }) => schema)),
            tables: listValue(tables.map(({ table }) => table)),
          },
          { schemas: LIST(VARCHAR), tables: LIST(VARCHAR) },
        );
        return result.getRows().map((row) => {
          const [schema, table, columns] = row as unknown as ColumnsRecord;
          return { schema, table, columns };
        });
      } catch (error) {
        signal?.throwIfAborted();
        throw duckdbError(error, database, fileOf(database), encryptionKey);
      } finally {
        disconnect();
      }
    },

    async close() {
      for (const result of await Promise.allSettled(attached.values())) {
        if (result.status === "fulfilled") result.value.closeSync();
      }
      attached.clear();
    },
  };
}

async function attachFile(file: string, encryptionKey: string | undefined): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(":memory:");
  const options = encryptionKey === undefined ? "READ_ONLY" : `READ_ONLY, ENCRYPTION_KEY ${quoteText(encryptionKey)}`;
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`ATTACH ${quoteText(file)} AS ${ALIAS} (${options})`);
    } finally {
      connection.closeSync();
    }
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}
