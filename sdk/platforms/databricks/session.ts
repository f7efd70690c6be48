import type { ObservedObject, ObservedScope, PlatformSession, SessionContext, SkippedObjects, TableColumns } from "../../model/platform";
import { PlatformError } from "../../model/errors";
import { columnsBySchema } from "../common/columns-by-schema";
import { openOnce } from "../common/open-once";
import { byTable } from "../common/ordered-streams";
import type { ActivityFeed } from "../../model/activity";
import { switchedOn } from "../feed-switches";
import { databricksActivity } from "./activity/reader";
import { probeQuery } from "./activity/system-tables";
import { governed, isolatedCatalogs, skippedCatalogs, type RestCatalogs } from "./catalogs";
import { COLUMN_ROWS, columnsOfTablesQuery } from "./columns";
import type { DatabricksConnection } from "./connection";
import { examineGrants } from "./doctor";
import { databricksError, isSessionLost, isSystemRefused } from "./errors";
import type { Limits } from "./limits";
import { listObjects } from "./list-objects";
import { auditedWorkspaces } from "./integration-config";
import { logIn, type LoginOptions } from "./login";
import { readMetastore, type Metastore } from "./metastore";
import { systemSchemasOf } from "./privileges";

/** Table names bound in one statement. */
const TABLES_PER_STATEMENT = 100;
/** Isolated catalogs that an error names. */
const NAMED_CATALOGS = 5;

/** An open session, with what is read of the metastore once. */
interface Opened {
  readonly metastore: Metastore;
  readonly catalogs: RestCatalogs;
  close(): Promise<void>;
}

/** Logs in when it is first asked for something, once; again, when the session was lost. */
export function openDatabricks(connection: DatabricksConnection, limits: Limits, { integration, onWait }: SessionContext): PlatformSession {
  const session = openOnce((signal) => open(connection, { limits, signal, onWait }));
  /** By database and kind; a database that is listed again is counted again. */
  const skipped = new Map<string, Map<string, SkippedObjects>>();

  /** What anything of the driver or the server throws becomes an error with a next step. */
  function explain(error: unknown, signal: AbortSignal | undefined, database?: string): unknown {
    signal?.throwIfAborted();
    if (isSessionLost(error)) session.forget();
    return databricksError(error, { connection, database });
  }

  async function explained<T>(work: () => Promise<T>, signal: AbortSignal | undefined, database?: string): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explain(error, signal, database);
    }
  }

  async function listDatabases(signal: AbortSignal | undefined) {
    const { metastore, catalogs } = await session.get(signal);
    skipped.set("", new Map(skippedCatalogs(catalogs).map((one) => [one.kind, one])));
    return governed(metastore.databases, catalogs);
  }

  return {
    check: (signal) =>
      explained(async () => {
        const databases = await listDatabases(signal);
        refuseIsolated(isolatedCatalogs((await session.get(signal)).catalogs));
        if (databases.length > 0) return;
        throw new PlatformError(
          "connection: the identity sees no catalog that it could register; GRANT USE CATALOG ON CATALOG <catalog> TO `<principal>`",
          { field: "connection" },
        );
      }, signal),

    listDatabases: (signal) => explained(() => listDatabases(signal), signal),

    async *streamObjects(scope: ObservedScope, { columns, signal }): AsyncGenerator<ObservedObject[]> {
      const kinds = new Map<string, SkippedObjects>();
      skipped.set(scope.database, kinds);
      const path = scope.schema === undefined ? [scope.database] : [scope.database, scope.schema];
      const onSkipped = (kind: string, count: number) => {
        const before = kinds.get(kind)?.count ?? 0;
        if (count > 0) kinds.set(kind, { path, kind, count: before + count });
      };
      try {
        const { metastore } = await session.get(signal);
        yield* listObjects(metastore, scope, columns, onSkipped, signal);
      } catch (error) {
        throw explain(error, signal, scope.database);
      }
    },

    readColumns: (database, tables, signal) =>
      explained(
        async () => {
          const { metastore } = await session.get(signal);
          return columnsBySchema(tables, TABLES_PER_STATEMENT, (schema, some) => readSome(metastore, database, schema, some, signal));
        },
        signal,
        database,
      ),

    activity: databricksActivity({
      connection,
      workspaceIds: integration && auditedWorkspaces(integration),
      open: async (signal) => (await session.get(signal)).metastore,
      explain,
    }),

    diagnose: (connectionKey, expected, nativeIntegration, signal) =>
      explained(async () => {
        const { metastore } = await session.get(signal);
        const query = (sql: string) => metastore.driver.records(sql, {}, signal);
        const closedSystemSchemas = await closedSchemas(query, switchedOn(nativeIntegration));
        return examineGrants({ query, expected, connectionKey, closedSystemSchemas });
      }, signal),

    skipped: () => [...skipped.values()].flatMap((kinds) => [...kinds.values()]),

    close: () => session.close(),
  };
}

async function open(connection: DatabricksConnection, options: LoginOptions): Promise<Opened> {
  const { driver, catalogs, first } = await logIn(connection, options, (session, known) => readMetastore(session, known, options.signal));
  return { metastore: first, catalogs, close: () => driver.close() };
}

/** Catalog isolation is not supported with a connection (contract: feature parity). */
function refuseIsolated(names: readonly string[]): void {
  if (names.length === 0) return;
  const named =
    names.slice(0, NAMED_CATALOGS).join(", ") + (names.length > NAMED_CATALOGS ? `, and ${names.length - NAMED_CATALOGS} more` : "");
  throw new PlatformError(
    `connection.hostname: catalogs are bound to certain workspaces (catalog isolation), which is not supported with a connection: ${named}. ` +
      "Open them to all workspaces (catalog, Workspaces, All workspaces have access), or take the identity's privileges on them away",
    { field: "connection.hostname" },
  );
}

/** The schemas of the account's own tables that feeds are read from, and that cannot be read. Asked for: no view tells it of all of them. */
async function closedSchemas(query: (sql: string) => Promise<unknown>, feeds: readonly ActivityFeed[]): Promise<string[]> {
  const closed: string[] = [];
  for (const schema of systemSchemasOf(feeds)) {
    try {
      await query(probeQuery(schema));
    } catch (error) {
      if (!isSystemRefused(error)) throw error;
      closed.push(schema);
    }
  }
  return closed;
}

async function readSome(
  { driver, source }: Metastore,
  database: string,
  schema: string,
  tables: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TableColumns[]> {
  const { sql, parameters } = columnsOfTablesQuery(source, database, schema, tables);
  const found: TableColumns[] = [];
  for await (const batch of byTable(await driver.stream(sql, parameters, signal), COLUMN_ROWS)) found.push(...batch);
  return found;
}
