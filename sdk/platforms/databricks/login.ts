import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../model/errors";
import { accessToken } from "../common/oauth-token";
import { TookTooLong } from "../common/wait";
import { warehouseId, type DatabricksConnection } from "./connection";
import type { OnWait } from "../../model/platform";
import type { RestCatalogs } from "./catalogs";
import { connect, loadDriver, type DriverSession } from "./driver";
import { databricksError, isStarting, isTokenRefused } from "./errors";
import type { Limits } from "./limits";
import { Refusal } from "./refusal";
import { listCatalogs, warehouseState, type Asking } from "./workspace-api";

const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 15;
/** States out of which a warehouse does not come by waiting. */
const GONE = ["DELETED", "DELETING"];

export interface LoginOptions {
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly onWait: OnWait | undefined;
}

/** The first statements of a session, which must pass for it to count. */
export type FirstStatements<T> = (driver: DriverSession, catalogs: RestCatalogs) => Promise<T>;

/** A session of the driver in which the first statements passed, and what the workspace tells of catalogs beside SQL. */
export interface Workspace<T> {
  readonly driver: DriverSession;
  readonly catalogs: RestCatalogs;
  readonly first: T;
}

/**
 * Asks the REST API first: it tells a wrong token, host or certificate at once, where the driver would wait for an answer that never
 * comes. Then waits for the warehouse, which may have to start.
 */
export async function logIn<T>(
  connection: DatabricksConnection,
  { limits, signal, onWait }: LoginOptions,
  run: FirstStatements<T>,
): Promise<Workspace<T>> {
  const asking = async (refresh = false): Promise<Asking & { isCached: boolean }> => {
    const { token, isCached } = await currentToken(connection, limits, signal, refresh);
    return { connection, token, isCached, timeoutSeconds: limits.request, signal };
  };
  const [catalogs] = await Promise.all([listWithToken(asking), loadDriver()]);
  const open = () =>
    openReady(
      connection,
      async () => (await asking()).token,
      limits,
      signal,
      (driver) => run(driver, catalogs),
    );
  const done = tellWhile(connection, asking, limits, onWait);
  try {
    return { catalogs, ...(await waitForWarehouse(connection, open, limits, asking, signal)) };
  } finally {
    done();
  }
}

/** Says what is waited for, again and again until what it returns is called. */
function tellWhile(
  connection: DatabricksConnection,
  asking: () => Promise<Asking>,
  { tell }: Limits,
  onWait: OnWait | undefined,
): () => void {
  if (onWait === undefined) return () => undefined;
  const start = Date.now();
  let asked = false;
  let isOver = false;
  const timer = setInterval(() => {
    // A workspace that takes long to answer is not asked a second time meanwhile.
    if (asked) return;
    asked = true;
    void stateOf(connection, asking, undefined).then((state) => {
      asked = false;
      if (isOver) return;
      const what = warehouseId(connection) === undefined ? "cluster" : `warehouse${state === undefined ? "" : `, which is ${state},`}`;
      onWait(`the ${what} of ${connection.httpPath} to answer, for ${Math.round((Date.now() - start) / 1_000)} s so far`);
    });
  }, tell * 1_000);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

/** A kept access token that the server refuses is asked for anew, once. */
async function listWithToken(asking: (refresh?: boolean) => Promise<Asking & { isCached: boolean }>): Promise<RestCatalogs> {
  const first = await asking();
  try {
    return await listCatalogs(first);
  } catch (error) {
    if (!first.isCached || !isTokenRefused(error)) throw error;
    return listCatalogs(await asking(true));
  }
}

async function currentToken(connection: DatabricksConnection, limits: Limits, signal: AbortSignal | undefined, refresh: boolean) {
  const { token, oAuthClientConfig, certificateAuthority } = connection;
  if (oAuthClientConfig === undefined) return { token: token!, isCached: false };
  return accessToken(oAuthClientConfig, {
    timeoutSeconds: limits.request,
    secretIn: "header",
    refresh,
    signal,
    ...(certificateAuthority !== undefined && { authorities: [certificateAuthority] }),
  });
}

/**
 * A first statement wakes a stopped warehouse. Until it runs, the server refuses sessions, or gives out some that it does not know
 * itself; so a session counts when its first statements have run in it.
 */
async function waitForWarehouse<T>(
  connection: DatabricksConnection,
  open: () => Promise<T>,
  limits: Limits,
  asking: () => Promise<Asking>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const end = Date.now() + limits.start * 1_000;
  for (let pause = FIRST_PAUSE_SECONDS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS)) {
    try {
      return await open();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isStarting(error) && !isAboutWarehouse(error)) throw error;
      const state = await stateOf(connection, asking, error);
      const asked = error instanceof Refusal ? (error.facts.retryAfterSeconds ?? 0) : 0;
      const wait = Math.max(asked, pause);
      const isHopeless = !isStarting(error) || GONE.includes(state ?? "") || Date.now() + wait * 1_000 > end;
      if (isHopeless) throw databricksError(error, { connection, warehouse: state });
      await delay(wait * 1_000, undefined, { signal });
    }
  }
}

async function openReady<T>(
  connection: DatabricksConnection,
  token: () => Promise<string>,
  limits: Limits,
  signal: AbortSignal | undefined,
  run: (driver: DriverSession) => Promise<T>,
): Promise<{ driver: DriverSession; first: T }> {
  const driver = await connect(connection, token, limits, signal);
  try {
    return { driver, first: await run(driver) };
  } catch (error) {
    await driver.close();
    throw error;
  }
}

/** The warehouse's state may say more than what was answered. */
function isAboutWarehouse(error: unknown): boolean {
  if (error instanceof TookTooLong) return true;
  return error instanceof Refusal && (error.facts.status === 404 || /warehouse|endpoint/i.test(messageOf(error)));
}

/** Undefined for a cluster, and where the workspace does not tell: then what was answered must do. */
async function stateOf(connection: DatabricksConnection, asking: () => Promise<Asking>, because: unknown): Promise<string | undefined> {
  const id = warehouseId(connection);
  if (id === undefined) return undefined;
  try {
    return await warehouseState(await asking(), id);
  } catch (error) {
    if (error instanceof Refusal && error.facts.status === 404 && isAboutWarehouse(because)) return "DELETED";
    return undefined;
  }
}
