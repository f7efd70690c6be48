import { existsSync } from "node:fs";
import { BadRequestError, NotFoundError, messageOf } from "../model/errors";
import { platforms } from "../platforms";
import { isPostgresAddress, nameOfStore, openSharedStore, openStore } from "../store/open-store";
import { createEngine, type Engine } from "./engine";
import { createIdentity, type Identity } from "./identity/identity";
import { createSecretBox, type SecretBox } from "./secret-box";
import { requireRotatable, secretKeys, type SecretKeys } from "./secret-keys";

export { isPostgresAddress, nameOfStore };

export interface LocalOptions {
  /** The store: a file, made with its folder when first written, or a database as `postgres://user:password@host:5432/database`. */
  readonly store: string;
  /** What relative file names in a connection are relative to; the current folder by default. */
  readonly baseDirectory?: string;
  /** A Pulumi program opens it: what it sets is kept as declared. */
  readonly isProgram?: boolean;
  /** Told what went wrong beside a call without failing it; a warning of the process by default. */
  readonly onError?: (error: unknown) => void;
}

/** The engine in this process on an embedded store, with the key of its secrets beside it. */
export function openLocal(options: LocalOptions): Engine {
  return openLocalWithIdentity(options).engine;
}

/** The engine and those who may call it, on one store, which closes with the engine. */
export function openLocalWithIdentity({ store: file, baseDirectory = process.cwd(), isProgram = false, onError = warn }: LocalOptions): {
  readonly engine: Engine;
  readonly identity: Identity;
  /** Under the key of the store's secrets. */
  readonly secrets: SecretBox;
} {
  const keys = keysOf(file);
  const { store, queue } = openSharedStore(file, { databasesAtOnce: limitOf("CONNECTIONS_DATABASES_AT_ONCE", 4), onError });
  // One for both: two connections of one process to a file would wait for each other's transactions without ever yielding.
  const secrets = createSecretBox((forSealing) => keys.load(forSealing));
  return {
    secrets,
    engine: createEngine({
      ...{ store, platforms, secrets, baseDirectory, isProgram },
      ...(queue && { spread: { queue, perAccount: limitOf("CONNECTIONS_DATABASES_PER_ACCOUNT", 12) } }),
    }),
    identity: createIdentity({ store, loadKeys: () => keys.load(true), onError }),
  };
}

/**
 * Encrypts every secret of a store under a new key. Whenever it is interrupted, all secrets can still be read: the key file
 * keeps the old key until everything is written.
 * @returns how many connections were encrypted anew.
 */
export async function rotateSecretKey(store: string, environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  if (!isPostgresAddress(store) && !existsSync(store))
    throw new NotFoundError(`store ${store} does not exist; name the file of a store`, { field: "store" });
  requireRotatable(environment);
  const keys = keysOf(store, environment);
  keys.add();
  const secrets = createSecretBox((forSealing) => keys.load(forSealing));
  const opened = openStore(store);
  try {
    const rewritten = await opened.rewriteSecrets((sealed) => secrets.seal(secrets.open(sealed)));
    keys.dropPrevious();
    return rewritten;
  } finally {
    await opened.close();
  }
}

/** A limit of a store that processes share, from the environment. */
function limitOf(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new BadRequestError(`${name}: expected a whole number from 1 on`, { field: name });
}

function warn(error: unknown): void {
  process.emitWarning(messageOf(error));
}

function keysOf(store: string, environment: NodeJS.ProcessEnv = process.env): SecretKeys {
  return secretKeys(isPostgresAddress(store) ? undefined : `${store}.key`, environment);
}
