import { existsSync } from "node:fs";
import type { IdentityStore } from "../../model/identity-store";
import type { PathKey } from "../../model/path-key";
import type { SettingsPatch } from "../../model/settings";
import type { SettingNote, Store } from "../../model/store";
import type { Db, Trx } from "../queries/database";
import * as overrides from "../queries/overrides";
import { sharedMethods } from "../shared-methods";
import { codeOf, openForReading, openForWriting, storeError, type OpenFile } from "./open-file";
import { sharedCommit } from "./shared-commit";
import { openStage } from "./stage";
import { openTagStage } from "./tag-stage";
import type { RawAccess } from "./temporary-table";

/**
 * The embedded store: one SQLite file in WAL mode. It is opened when first used, for reading as long as nothing is
 * written, so that whoever only reads leaves no trace, and a file that does not exist reads as an empty store.
 */
export function openSqliteStore(file: string): Store & IdentityStore {
  let reader: Promise<OpenFile> | undefined;
  let readerIsEmpty = false;
  let writer: Promise<OpenFile> | undefined;

  function forReading(): Promise<OpenFile> {
    if (writer !== undefined) return writer;
    if (readerIsEmpty && existsSync(file)) reader = undefined;
    if (reader === undefined) {
      readerIsEmpty = false;
      const opening = openForReading(file).then((open) => {
        readerIsEmpty = open.isPlaceholder;
        return open;
      });
      reader = forgetOnFailure(opening, () => (reader = undefined));
    }
    return reader;
  }

  function forWriting(): Promise<OpenFile> {
    return (writer ??= forgetOnFailure(openForWriting(file), () => (writer = undefined)));
  }

  const guard = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(storeError(file, error)));
  const read = async <T>(work: (db: Db) => Promise<T>): Promise<T> => guard(work((await forReading()).db));
  const write = async <T>(work: (trx: Trx) => Promise<T>): Promise<T> => {
    const open = await forWriting();
    return guardWriter(open, open.db.transaction().execute(work));
  };

  /** SQLite fails every later statement of a connection whose temporary file could not be written. */
  function guardWriter<T>(open: OpenFile, work: Promise<T>): Promise<T> {
    return guard(
      work.catch((error: unknown) => {
        if (codeOf(error) === "SQLITE_IOERR" && open.raw.open) {
          writer = undefined;
          open.raw.close();
        }
        throw error;
      }),
    );
  }

  const rawAccess = async (): Promise<RawAccess> => {
    const open = await forWriting();
    const { db, raw } = open;
    return {
      isOpen: () => raw.open,
      exclusive: (work) =>
        guardWriter(
          open,
          db.connection().execute(async () => work(raw)),
        ),
      transaction: (work) =>
        guardWriter(
          open,
          db.transaction().execute(async () => work(raw)),
        ),
    };
  };

  const mergeOverrides = sharedCommit(
    write<void>,
    (trx, { key, patch, note }: { key: PathKey; patch: SettingsPatch; note: SettingNote | undefined }) =>
      overrides.mergeOverrides(trx, key, patch, note),
  );

  return {
    ...sharedMethods({ read, write, writeOnce: write, writeMuch: (_connectionKey, _beside, work) => write(work) }),
    mergeOverrides: (key, patch, note) => mergeOverrides({ key, patch, note }),
    openStage: async () => openStage(await rawAccess()),
    openTagStage: async () => openTagStage(await rawAccess()),

    async close() {
      const opened = await Promise.allSettled([reader, writer]);
      reader = writer = undefined;
      for (const result of opened) {
        if (result.status === "fulfilled") result.value?.close();
      }
    },
  };
}

function forgetOnFailure<T>(opening: Promise<T>, forget: () => void): Promise<T> {
  opening.catch(forget);
  return opening;
}
