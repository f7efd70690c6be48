import type { ObservedObject, ObservedScope, PlatformSession, TableColumns } from "../../model/platform";
import { compareBytes } from "../../model/path-key";
import { PlatformError } from "../../model/errors";
import { columnsBySchema } from "../common/columns-by-schema";
import { openOnce } from "../common/open-once";
import { byTable } from "../common/ordered-streams";
import { switchedOn } from "../feed-switches";
import { snowflakeActivity } from "./activity/reader";
import { COLUMN_ROWS, columnsOfTablesQuery } from "./columns";
import type { SnowflakeConnection } from "./connection";
import type { DriverSession } from "./driver";
import { examineGrants } from "./doctor";
import { isTooMuchData, snowflakeError } from "./errors";
import type { Limits } from "./limits";
import { listObjects } from "./list-objects";
import { logIn } from "./login";
import { exactName, quoteIdentifier } from "./quote";
import { showAll } from "./show";

/** The database of Snowflake's own views. */
const OWN_DATABASE = "SNOWFLAKE";
/** A user's own workspace, which no one else sees. */
const PERSONAL = "PERSONAL DATABASE";
/** Table names bound in one statement. */
const TABLES_PER_STATEMENT = 1_000;

/** Logs in when it is first asked for something, once. */
export function openSnowflake(connection: SnowflakeConnection, limits: Limits): PlatformSession {
  const session = openOnce((signal: AbortSignal | undefined) => startSession(connection, limits, signal));

  /** What anything of the driver or the server throws becomes an error with a next step. */
  async function explained<T>(work: () => Promise<T>, signal: AbortSignal | undefined, database?: string): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw snowflakeError(error, connection, database);
    }
  }

  async function listDatabases(signal?: AbortSignal) {
    const driver = await session.get(signal);
    const shown = await showAll((sql) => driver.records(sql, signal), "SHOW DATABASES");
    return shown
      .filter(({ name, kind }) => name !== OWN_DATABASE && kind !== PERSONAL)
      .sort((a, b) => compareBytes(a.name, b.name))
      .map(({ name, comment, owner, createdAt }) => ({ name, comment, owner, createdAt }));
  }

  return {
    check: (signal) =>
      explained(async () => {
        if ((await listDatabases(signal)).length > 0) return;
        const { role } = connection;
        throw new PlatformError(`connection.role: role ${role} sees no database; GRANT USAGE ON DATABASE <database> TO ROLE ${role}`, {
          field: "connection.role",
        });
      }, signal),

    listDatabases: (signal) => explained(() => listDatabases(signal), signal),

    async *streamObjects(scope: ObservedScope, { columns, signal }): AsyncGenerator<ObservedObject[]> {
      try {
        yield* listObjects(await session.get(signal), scope, columns, signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw snowflakeError(error, connection, scope.database);
      }
    },

    // Schema by schema: INFORMATION_SCHEMA looks at one schema only when it is named.
    readColumns: (database, tables, signal) =>
      explained(
        async () => {
          const driver = await session.get(signal);
          return columnsBySchema(tables, TABLES_PER_STATEMENT, (schema, some) => readSome(driver, database, schema, some, signal));
        },
        signal,
        database,
      ),

    activity: snowflakeActivity(connection, (signal) => session.get(signal)),

    diagnose: (connectionKey, expected, integration, signal) =>
      explained(async () => {
        const driver = await session.get(signal);
        const query = (sql: string) => driver.records(sql, signal);
        return examineGrants({
          connectionKey,
          query,
          expected,
          warehouse: exactName(connection.warehouse),
          audit: switchedOn(integration).length > 0,
        });
      }, signal),

    close: () => session.close(),
  };
}

/** The warehouse is tried at once: a login passes with one that does not exist. */
async function startSession(connection: SnowflakeConnection, limits: Limits, signal: AbortSignal | undefined): Promise<DriverSession> {
  const driver = await logIn(connection, limits, signal);
  try {
    await driver.records(`USE WAREHOUSE ${quoteIdentifier(exactName(connection.warehouse))}`, signal);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}

/** In halves where it is too much for one answer. */
async function readSome(
  driver: DriverSession,
  database: string,
  schema: string,
  tables: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TableColumns[]> {
  const { sql, binds } = columnsOfTablesQuery(database, schema, tables);
  try {
    const found: TableColumns[] = [];
    for await (const batch of byTable(await driver.stream(sql, binds, signal), COLUMN_ROWS)) found.push(...batch);
    return found;
  } catch (error) {
    if (!isTooMuchData(error) || tables.length === 1) throw error;
    const middle = tables.length >> 1;
    const halves = [tables.slice(0, middle), tables.slice(middle)];
    return (await Promise.all(halves.map((half) => readSome(driver, database, schema, half, signal)))).flat();
  }
}
