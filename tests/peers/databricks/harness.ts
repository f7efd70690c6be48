import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PlatformSession } from "../../../sdk/model/platform";
import type { ConnectionInformation } from "../../../sdk/model/registration";
import { databricksPlatform } from "../../../sdk/platforms/databricks";
import type { Limits } from "../../../sdk/platforms/databricks/limits";
import { DATABRICKS_SERVER } from "../environment";
import { closeSessions, objectsOf, sessionOf } from "../sessions";
import { startBridge, type Bridge, type ServerParts } from "./bridge.cjs";
import { takeServer } from "./start-server.cjs";

export { objectsOf };

const address = process.env[DATABRICKS_SERVER];

/** Skipped where there is no server to be had; the global setup has said so. */
export const describeDatabricks = address === undefined ? describe.skip : describe;

export const TOKEN = "dapi-good";
/** Its start, and the other test files that have it first. */
const SERVER_LIMIT_MS = 600_000;

/** Waits that a test can sit through. */
export const SHORT: Limits = { start: 4, tell: 0.2, request: 3, answer: 3, rows: 3, close: 1 };

/** A column of a table as the metastore's functions take one. */
export interface TestColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
  readonly comment?: string;
}

export interface Workspace {
  readonly bridge: Bridge;
  /** `connection` of the workspace, with a token. */
  connection(part?: object): ConnectionInformation;
  /** Runs statements on the metastore's database; a value goes in as `text(value)` gives it. */
  change(...statements: string[]): Promise<void>;
  /** Runs GRANT and REVOKE as an administrator would. */
  administer(...statements: string[]): Promise<void>;
  putTable(path: readonly [string, string, string], columns?: readonly TestColumn[], type?: string, comment?: string): Promise<void>;
  restartServer(): Promise<void>;
}

export const ID_COLUMN: readonly TestColumn[] = [{ name: "id", type: "bigint" }];

/** A workspace for a test file on the one server of the run: a bridge of its own, and an empty metastore. */
export function useWorkspace(): Workspace {
  let parts: ServerParts | undefined;
  let bridge: Bridge | undefined;
  const workspace: Workspace = {
    get bridge() {
      return bridge!;
    },
    connection: (part = {}) => ({
      technology: "Databricks",
      hostname: "127.0.0.1",
      port: bridge!.port,
      httpPath: bridge!.httpPath,
      certificateAuthority: parts!.authority,
      authenticationType: "token",
      token: TOKEN,
      ...part,
    }),
    change: (...statements) => runSql(parts!, statements),
    administer: (...statements) => workspace.change(...statements.map((statement) => `SELECT metastore.run(${text(statement)})`)),
    putTable: ([catalog, schema, table], columns = ID_COLUMN, type = "MANAGED", comment) =>
      workspace.change(putTableSql([catalog, schema, table], columns, type, comment)),
    async restartServer() {
      const answer = await fetch(`${address}/restart`, { method: "POST" });
      if (!answer.ok) throw new Error(await answer.text());
    },
  };
  let giveBack: (() => void) | undefined;

  /** A server that was just started takes longer for its first statements than tests wait. */
  async function warmUp(): Promise<void> {
    bridge = await startBridge(parts!);
    const session = await openSession(workspace.connection());
    await session.listDatabases();
    await objectsOf(session, { database: "none" }, true);
    await closeSessions();
    await bridge.stop();
  }

  beforeAll(async () => {
    ({ parts, giveBack } = await takeServer(address!));
    await workspace.change("SELECT metastore.clear()", "SELECT metastore.clear_activity()");
    await warmUp();
  }, SERVER_LIMIT_MS);
  afterAll(() => giveBack?.());
  beforeEach(async () => {
    bridge = await startBridge(parts!);
  });
  afterEach(async () => {
    await closeSessions();
    await bridge?.stop();
  });
  return workspace;
}

/** A session of what is tested, closed after the test. */
export function openSession(connection: ConnectionInformation, limits?: Limits): Promise<PlatformSession> {
  return sessionOf(databricksPlatform(limits), connection);
}

/** A value in the metastore's SQL. */
export function text(value: string | null | undefined): string {
  return value === null || value === undefined ? "NULL" : `'${value.replaceAll("'", "''")}'`;
}

export function putTableSql(
  path: readonly [string, string, string],
  columns: readonly TestColumn[] = ID_COLUMN,
  type = "MANAGED",
  comment?: string,
): string {
  return `SELECT metastore.put_table(${path.map(text).join(", ")}, ${text(JSON.stringify(columns))}, ${text(type)}, ${text(comment)})`;
}

async function runSql({ postgres }: ServerParts, statements: readonly string[]): Promise<void> {
  const args = [
    "-X",
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    "-h",
    "127.0.0.1",
    "-p",
    String(postgres.port),
    "-U",
    postgres.user,
    "-d",
    "catalog_system",
  ];
  const psql = promisify(execFile)(join(postgres.programs, "psql"), args);
  psql.child.stdin!.end(statements.map((statement) => `${statement};\n`).join(""));
  await psql;
}
