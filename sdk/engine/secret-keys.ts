import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { BadRequestError, StoreError, messageOf } from "../model/errors";
import { KEY_BYTES } from "./secret-box";

const CURRENT = "CONNECTIONS_SECRET_KEY";
const PREVIOUS = "CONNECTIONS_SECRET_KEY_PREVIOUS";

/**
 * The keys of a store: out of CONNECTIONS_SECRET_KEY and, while rotating, CONNECTIONS_SECRET_KEY_PREVIOUS (32 bytes in
 * base64 each), else out of a file with mode 0600 beside the store: a key a line, the one to seal with first. A store that several
 * machines share has no file beside it.
 */
export interface SecretKeys {
  load(forSealing: boolean): Buffer[];
  /** Puts a new key in front of the file's keys. @throws BadRequestError where the keys come from the environment. */
  add(): void;
  /** Leaves only the first key. */
  dropPrevious(): void;
}

/** @param file undefined: only the environment counts. */
export function secretKeys(file: string | undefined, environment: NodeJS.ProcessEnv): SecretKeys {
  const current = environment[CURRENT];
  if (current !== undefined && current !== "") return keysOfEnvironment(current, environment[PREVIOUS]);
  return file === undefined ? noKeys : keysOfFile(file);
}

function keysOfEnvironment(current: string, previous: string | undefined): SecretKeys {
  return {
    load: () => [decodeKey(current, CURRENT), ...(previous ? [decodeKey(previous, PREVIOUS)] : [])],
    add: () => undefined,
    dropPrevious: () => undefined,
  };
}

const noKeys: SecretKeys = {
  load: refuse,
  add: refuse,
  dropPrevious: refuse,
};

function refuse(): never {
  throw new StoreError(
    `${CURRENT}: is not set; a store in a database has no key file beside it. Make a key with \`openssl rand -base64 32\`, and set the same one everywhere`,
  );
}

function keysOfFile(file: string): SecretKeys {
  return {
    load(forSealing) {
      if (!existsSync(file)) {
        if (!forSealing) throw new StoreError(`secret key file ${file} is gone; restore it, or set ${CURRENT} to the key that it held`);
        orStoreError(file, () => createKeyFile(file));
      }
      return orStoreError(file, () => readKeys(file)).map((text) => decodeKey(text, `secret key file ${file}`));
    },
    add() {
      replaceKeyFile(file, [newKey(), ...(existsSync(file) ? readKeys(file) : [])]);
    },
    dropPrevious() {
      replaceKeyFile(file, readKeys(file).slice(0, 1));
    },
  };
}

/** @throws BadRequestError when a rotation would change nothing. */
export function requireRotatable(environment: NodeJS.ProcessEnv): void {
  if (!environment[CURRENT] || environment[PREVIOUS]) return;
  throw new BadRequestError(
    `${PREVIOUS}: is not set; to rotate a key from the environment, set ${CURRENT} to the new key and ${PREVIOUS} to the old one`,
    { field: PREVIOUS },
  );
}

function orStoreError<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const text = `secret key file ${file}: cannot be used; check that the folder exists and may be written`;
    throw new StoreError(`${text} (${messageOf(cause)})`, { cause });
  }
}

function readKeys(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").filter(Boolean);
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

function createKeyFile(file: string): void {
  const draft = writeDraft(file, [newKey()]);
  try {
    // A link, not a rename: of two processes at once the first one's key must stay.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

function replaceKeyFile(file: string, keys: readonly string[]): void {
  renameSync(writeDraft(file, keys), file);
}

function writeDraft(file: string, keys: readonly string[]): string {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, keys.map((key) => `${key}\n`).join(""), { mode: 0o600 });
  return draft;
}

function decodeKey(text: string, origin: string): Buffer {
  const key = Buffer.from(text, "base64");
  if (key.length !== KEY_BYTES) {
    throw new StoreError(`${origin}: expected ${KEY_BYTES} bytes in base64; make one with \`openssl rand -base64 32\``);
  }
  return key;
}
