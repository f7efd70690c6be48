import { resolve } from "node:path";
import type { Command } from "commander";
import type { ConnectionsApi } from "../model/connections-api";
import { BadRequestError } from "../model/errors";
import type { Identity } from "../engine/identity/identity";
import { isPostgresAddress, openLocal, openLocalWithIdentity } from "../engine/open-local";

const DEFAULT_STORE = ".connections/connections.db";

/** The `--store` option, else CONNECTIONS_STORE, else a file under the current folder. A database's address stays as it is. */
export function storeFile(option: string | undefined): string {
  const store = option ?? (process.env["CONNECTIONS_STORE"] || DEFAULT_STORE);
  return isPostgresAddress(store) ? store : resolve(store);
}

/** The `--store` option as it was given. */
export function storeOf(program: Command): string | undefined {
  return program.opts<{ store?: string }>().store;
}

/** A store that is named by the option counts before a server that the environment names. */
async function openApi(store: string | undefined): Promise<ConnectionsApi> {
  const endpoint = store === undefined ? process.env["CONNECTIONS_ENDPOINT"] || undefined : undefined;
  if (endpoint === undefined) return openLocal({ store: storeFile(store) });
  const apiKey = process.env["CONNECTIONS_API_KEY"] || undefined;
  if (apiKey === undefined) {
    throw new BadRequestError(`CONNECTIONS_API_KEY is missing for ${endpoint}; set it, or name a store by --store`, { field: "apiKey" });
  }
  const { createClient } = await import("../client/client.js");
  return createClient({ endpoint, apiKey });
}

/** Runs a command on the store, or on a server, and closes it, whatever happens. */
export async function withApi<T>(store: string | undefined, work: (api: ConnectionsApi) => Promise<T>): Promise<T> {
  const api = await openApi(store);
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

/** As `withApi`, for commands on users, groups and keys. */
export async function withIdentity<T>(store: string | undefined, work: (identity: Identity) => Promise<T>): Promise<T> {
  const { engine, identity } = openLocalWithIdentity({ store: storeFile(store) });
  try {
    return await work(identity);
  } finally {
    await engine.close();
  }
}
