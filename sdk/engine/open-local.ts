import { existsSync } from "node:fs";
import { NotFoundError, messageOf } from "../model/errors";
import { platforms } from "../platforms";
import { openSqliteStore } from "../store/sqlite/sqlite-store";
import { createEngine, type Engine } from "./engine";
import { createIdentity, type Identity } from "./identity/identity";
import { createSecretBox, type SecretBox } from "./secret-box";
import { requireRotatable, secretKeys, type SecretKeys } from "./secret-keys";

export interface LocalOptions {
  /** The store's file; made, with its folder, when first written. */
  readonly store: string;
  /** What relative file names in a connection are relative to; the current folder by default. */
  readonly baseDirectory?: string;
  /** Told what went wrong beside a call without failing it; a warning of the process by default. */
  readonly onError?: (error: unknown) => void;
}

/** The engine in this process on an embedded store, with the key of its secrets beside it. */
export function openLocal(options: LocalOptions): Engine {
  return openLocalWithIdentity(options).engine;
}

/** The engine and those who may call it, on one store, which closes with the engine. */
export function openLocalWithIdentity({ store: file, baseDirectory = process.cwd(), onError = warn }: LocalOptions): {
  readonly engine: Engine;
  readonly identity: Identity;
  /** Under the key of the store's secrets. */
  readonly secrets: SecretBox;
} {
  const keys = keysOf(file);
  // One for both: two connections of one process to a file would wait for each other's transactions without ever yielding.
  const store = openSqliteStore(file);
  const secrets = createSecretBox((forSealing) => keys.load(forSealing));
  return {
    secrets,
    engine: createEngine({ store, platforms, secrets, baseDirectory }),
    identity: createIdentity({ store, loadKeys: () => keys.load(true), onError }),
  };
}

/**
 * Encrypts every secret of a store under a new key. Whenever it is interrupted, all secrets can still be read: the key file
 * keeps the old key until everything is written.
 * @returns how many connections were encrypted anew.
 */
export async function rotateSecretKey(store: string, environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  if (!existsSync(store)) throw new NotFoundError(`store ${store} does not exist; name the file of a store`, { field: "store" });
  requireRotatable(environment);
  const keys = keysOf(store, environment);
  keys.add();
  const secrets = createSecretBox((forSealing) => keys.load(forSealing));
  const opened = openSqliteStore(store);
  try {
    const rewritten = await opened.rewriteSecrets((sealed) => secrets.seal(secrets.open(sealed)));
    keys.dropPrevious();
    return rewritten;
  } finally {
    await opened.close();
  }
}

function warn(error: unknown): void {
  process.emitWarning(messageOf(error));
}

function keysOf(store: string, environment: NodeJS.ProcessEnv = process.env): SecretKeys {
  return secretKeys(`${store}.key`, environment);
}
