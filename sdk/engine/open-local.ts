import type { ConnectionsApi } from "../model/connections-api";
import { platforms } from "../platforms";
import { openSqliteStore } from "../store/sqlite/sqlite-store";
import { createEngine } from "./engine";
import { createSecretBox, keyFromEnvironmentOrFile } from "./secret-box";

export interface LocalOptions {
  /** The store's file; made, with its folder, when first written. */
  readonly store: string;
  /** What relative file names in a connection are relative to; the current folder by default. */
  readonly baseDirectory?: string;
}

/** The engine in this process on an embedded store, with the key of its secrets beside it. */
export function openLocal({ store, baseDirectory = process.cwd() }: LocalOptions): ConnectionsApi {
  return createEngine({
    store: openSqliteStore(store),
    platforms,
    secrets: createSecretBox(keyFromEnvironmentOrFile(`${store}.key`, process.env)),
    baseDirectory,
  });
}
