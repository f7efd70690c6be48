import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Database from "libsql";
import { Kysely } from "kysely";
import { StoreError, messageOf } from "../../model/errors";
import { migrate, schemaVersion } from "../migrate";
import type { StoreSchema } from "../schema";
import { ImmediateSqliteDialect } from "./dialect";

/** How long a write waits for another process before it gives up. */
const BUSY_TIMEOUT_MILLISECONDS = 10_000;

export interface OpenFile {
  readonly db: Kysely<StoreSchema>;
  /** The driver itself, for prepared statements in hot loops. */
  readonly raw: Database.Database;
  /** Nothing is in the file yet, so this reads an empty store beside it. */
  readonly isPlaceholder: boolean;
  readonly close: () => void;
}

type Connected = Pick<OpenFile, "db" | "raw">;

/** Opens for reading: writes nothing, and a file that does not exist, or was not filled yet, reads as an empty store. */
export async function openForReading(file: string): Promise<OpenFile> {
  if (!existsSync(file)) return openPlaceholder();
  let open: Connected | undefined;
  try {
    open = connect(file);
    // The driver ignores its `readonly` option.
    open.raw.exec("PRAGMA query_only = ON");
    const version = await schemaVersion(open.db, file);
    if (version === "current") return { ...open, isPlaceholder: false, close: () => open!.raw.close() };
    const other = version === "empty" ? await openPlaceholder() : await openUpdatedCopy(open.raw);
    open.raw.close();
    return other;
  } catch (error) {
    open?.raw.close();
    throw storeError(file, error);
  }
}

/** An empty store in memory. */
export async function openPlaceholder(): Promise<OpenFile> {
  const empty = connect(":memory:");
  await migrate(empty.db, "in memory");
  return { ...empty, isPlaceholder: true, close: () => empty.raw.close() };
}

/** A store of an older version as this one would have it: brought up to date in a copy, since readers write nothing. */
async function openUpdatedCopy(older: Database.Database): Promise<OpenFile> {
  const folder = mkdtempSync(join(tmpdir(), "connections-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const file = join(folder, "copy.db");
    // It counts as a write, though it only writes the other file.
    older.exec("PRAGMA query_only = OFF");
    older.prepare("VACUUM INTO ?").run(file);
    const copy = connect(file);
    await migrate(copy.db, file);
    const close = () => {
      copy.raw.close();
      remove();
    };
    return { ...copy, isPlaceholder: false, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Opens for writing: creates the file and its folder, brings the schema up to date. */
export async function openForWriting(file: string): Promise<OpenFile> {
  let open: Connected | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    open = connect(file);
    // For a new file only: rows with the columns of a table are about a kilobyte, of which a page should hold many.
    open.raw.exec("PRAGMA page_size = 16384");
    open.raw.exec("PRAGMA journal_mode = WAL");
    open.raw.exec("PRAGMA synchronous = FULL");
    // The driver keeps temporary tables in memory, where a large sync's changes have no room.
    open.raw.exec("PRAGMA temp_store = FILE");
    await migrate(open.db, file);
    const { raw } = open;
    const close = () => {
      try {
        // The driver's close leaves the log as it is; a large one would be read again at every start.
        raw.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch {
        // Without room for that the log stays; it holds all that was written.
      } finally {
        raw.close();
      }
    };
    return { ...open, isPlaceholder: false, close };
  } catch (error) {
    open?.raw.close();
    throw storeError(file, error);
  }
}

/** What went wrong with the file, in words that say what to do. */
export function storeError(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = messageOf(error);
  const code = /ConnectionFailed/.test(message) ? "SQLITE_CANTOPEN" : codeOf(error);
  const advice = (text: string) => new StoreError(`store ${file}: ${text} (${message})`, { cause: error });
  switch (code) {
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
      return advice(
        `in use by another process, which did not let go within ${BUSY_TIMEOUT_MILLISECONDS / 1000} s; ` +
          "wait for it to end, or stop it, and try again",
      );
    case "SQLITE_NOTADB":
    case "SQLITE_CORRUPT":
      return advice("is not a readable store; name another file, or restore it from a backup");
    case "SQLITE_FULL":
      return advice("the disk is full; nothing was written. Make room and try again");
    case "SQLITE_IOERR":
      return advice("could not be read or written; nothing was changed. Check the disk and the limit of file sizes, and try again");
    case "SQLITE_READONLY":
    case "SQLITE_CANTOPEN":
    case "EACCES":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return advice("cannot be opened; check that the folder exists and may be written");
    default:
      return advice("failed");
  }
}

/** SQLite's primary result codes. */
const CODES: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  26: "SQLITE_NOTADB",
};

/** The driver has no names for most of the extended codes, whose lowest byte is the primary one. */
export function codeOf(error: unknown): unknown {
  const { code, rawCode } = error as { code?: unknown; rawCode?: unknown };
  return (typeof rawCode === "number" ? CODES[rawCode & 0xff] : undefined) ?? code;
}

function connect(file: string): Connected {
  const raw = new Database(file, { timeout: BUSY_TIMEOUT_MILLISECONDS });
  return { raw, db: new Kysely<StoreSchema>({ dialect: new ImmediateSqliteDialect(raw) }) };
}
