import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { nameOfStore, openLocalWithIdentity } from "../engine/open-local";
import { BadRequestError, messageOf } from "../model/errors";
import { PAGE_FOLDER, hasPage } from "./page/page";
import { createServer } from "./server";

/** How long requests that are being answered may take when the server is told to stop. */
const STOP_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 100;

export interface ServeOptions {
  readonly store: string;
  /** Default 127.0.0.1: nobody outside the machine. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** PEM files; without them the server speaks plain HTTP. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Addresses and networks of proxies that are believed whom a request is from. */
  readonly trustProxy?: readonly string[] | undefined;
  readonly logLevel: string;
  readonly version: string;
  /** Stops the server. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/**
 * Serves a store over HTTP and keeps its 24-hour schedule, until the signal. Requests that are being answered may end then; a sync that
 * runs is stopped, shows as cancelled, and is run again by the next server on the store.
 */
export async function serve({ store, host, port, tls, trustProxy, logLevel, version, signal, print }: ServeOptions): Promise<void> {
  const https = tls && { cert: readPem(tls.certFile, "--tls-cert"), key: readPem(tls.keyFile, "--tls-key") };
  const logger = { level: logLevel, redact: ["req.headers.authorization", "req.headers.cookie"] };
  const { engine, identity, secrets } = openLocalWithIdentity({
    store,
    onError: (error) => app.log.warn({ err: messageOf(error) }, "beside a request"),
  });
  const app = createServer({
    engine,
    identity,
    version,
    logger,
    trustProxy,
    queueSizes: engine.queueSizes,
    checkReady: async () => void (await engine.searchObjects([], { size: 1 })),
    ...(https && { https }),
    ...(hasPage(PAGE_FOLDER) && { page: { folder: PAGE_FOLDER, secrets } }),
  });
  try {
    const { key } = await identity.ensureAdministrator(process.env);
    await app.listen({ host, port }).catch((error: Error) => {
      throw cannotListen(host, port, error);
    });
    if (key !== undefined) print(`API key of the user "admin", shown only now: ${key}`);
    const { port: bound } = app.server.address() as AddressInfo;
    print(`serving ${nameOfStore(store)} on ${tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${bound}`);
    if (!hasPage(PAGE_FOLDER)) print("the infrastructure page was not built, so / answers 404; npm run build makes it");
    await engine.schedule.keep(signal, {
      onStart: (connectionKey) => app.log.info({ connectionKey }, "scheduled sync started"),
      onEnd: (connectionKey, state, output) => app.log.info({ connectionKey, state, error: output?.error }, "scheduled sync ended"),
      onError: (error) => app.log.error({ err: messageOf(error) }, "the schedule could not be looked at; trying again in a minute"),
    });
  } finally {
    const late = setTimeout(() => app.server.closeAllConnections(), STOP_MILLISECONDS);
    // Those that are answered meanwhile are kept alive by their clients.
    const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_MILLISECONDS);
    await app.close();
    clearTimeout(late);
    clearInterval(idle);
    await engine.close({ handBack: true });
  }
}

function cannotListen(host: string, port: number, error: Error): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return new BadRequestError(`--port: ${port} of ${host} is in use; take another, or 0 for any free one`);
  if (code === "EACCES") return new BadRequestError(`--port: ${port} may not be used by this user; take one from 1024 up`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return new BadRequestError(`--host: ${host} is no address of this machine`);
  return error;
}

function readPem(file: string, option: string): Buffer {
  if (!existsSync(file)) throw new BadRequestError(`${option}: ${file} does not exist; name a PEM file`, { field: option });
  return readFileSync(file);
}
