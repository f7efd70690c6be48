import { spawn } from "node:child_process";
import { join } from "node:path";
import type { PlatformSession } from "../../../sdk/model/platform";
import type { ConnectionInformation } from "../../../sdk/model/registration";
import { snowflakePlatform } from "../../../sdk/platforms/snowflake";
import { connect } from "../../../sdk/platforms/snowflake/driver";
import { DEFAULT_LIMITS, type Limits } from "../../../sdk/platforms/snowflake/limits";
import { FAKESNOW_PYTHON } from "../environment";
import { startProxy, type DisturbingProxy } from "./disturbing-proxy";
import { closeSessions, sessionOf } from "../sessions";
import { startServer, type SnowflakeServer } from "./start-server.cjs";

const python = process.env[FAKESNOW_PYTHON];

/** Skipped where there is no server to be had; the global setup has said so. */
export const describeSnowflake = python === undefined ? describe.skip : describe;

export { objectsOf } from "../sessions";

export const USER = "GOV_SYSTEM";
export const PASSWORD = "correct-horse-battery-staple";
export const ROLE = "GOV_ROLE";
export const WAREHOUSE = "GOV_WH";

/** Waits that a test can sit through. */
export const SHORT: Limits = { login: 5, answer: 3, rows: 3, close: 1 };

/** One server for a test file, stopped after it. */
export function useServer(accounts: object = {}, dbPath?: () => string): { readonly server: SnowflakeServer } {
  let server: SnowflakeServer | undefined;
  beforeAll(async () => {
    const users = { [USER]: { password: PASSWORD } };
    const all = { users, roles: [ROLE], warehouses: [WAREHOUSE], ...accounts };
    server = await startServer(python!, { accounts: all, ...(dbPath && { dbPath: dbPath() }) });
  });
  afterAll(() => server?.stop());
  return {
    get server() {
      return server!;
    },
  };
}

/** `connection` of the server's account, with a password. */
export function connectionTo(port: number, part: object = {}): ConnectionInformation {
  return {
    technology: "Snowflake",
    hostname: "127.0.0.1",
    protocol: "http",
    account: "acme",
    port,
    warehouse: WAREHOUSE,
    role: ROLE,
    authenticationType: "userPassword",
    username: USER,
    password: PASSWORD,
    ...part,
  };
}

/** Reads the database SALES in a process of its own. */
export async function readOnce(
  connection: object,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ said: string; lingeredSeconds: number }> {
  const child = spawn(process.execPath, [join(__dirname, "read-once.cjs"), JSON.stringify(connection)], {
    env: { ...process.env, ...environment },
  });
  let said = "";
  let saidAt = 0;
  for (const output of [child.stdout, child.stderr]) {
    output.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      saidAt = Date.now();
    });
  }
  await new Promise((resolve) => child.on("close", resolve));
  return { said, lingeredSeconds: (Date.now() - saidAt) / 1_000 };
}

/** Changes the account as its owner would. */
export async function execute(port: number, ...statements: string[]): Promise<void> {
  const options = { account: "acme", accessUrl: `http://127.0.0.1:${port}`, username: USER, password: PASSWORD };
  const session = await connect(options, DEFAULT_LIMITS);
  try {
    for (const statement of statements) await session.records(statement);
  } finally {
    await session.close();
  }
}

const proxies: DisturbingProxy[] = [];
afterEach(async () => {
  await closeSessions();
  for (const proxy of proxies.splice(0)) await proxy.stop();
});

/** A proxy before the server, stopped after the test. */
export async function proxyTo(...target: Parameters<typeof startProxy>): Promise<DisturbingProxy> {
  const proxy = await startProxy(...target);
  proxies.push(proxy);
  return proxy;
}

/** A session of what is tested, closed after the test. */
export function openSession(connection: ConnectionInformation, limits?: Limits): Promise<PlatformSession> {
  return sessionOf(snowflakePlatform(limits), connection);
}
