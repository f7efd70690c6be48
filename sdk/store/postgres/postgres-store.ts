import type { IdentityStore } from "../../model/identity-store";
import type { Store } from "../../model/store";
import { StoreError } from "../../model/errors";
import { migrate, schemaVersion } from "../migrate";
import type { Db } from "../queries/database";
import { sharedMethods } from "../shared-methods";
import { openPlaceholder, type OpenFile } from "../sqlite/open-file";
import { createAccess } from "./access";
import { parsePostgresAddress } from "./address";
import type { OpenDatabase } from "./connect";
import { openStage } from "./stage";
import { openTagStage } from "./tag-stage";

/**
 * The store in PostgreSQL, for several processes on several machines. It connects when it is first used. Whoever only reads leaves no
 * trace: a database without tables reads as an empty store.
 */
export function openPostgresStore(text: string): Store & IdentityStore {
  const address = parsePostgresAddress(text);
  const closing = new AbortController();
  let opening: Promise<OpenDatabase> | undefined;
  let migrated: Promise<OpenDatabase> | undefined;
  let placeholder: Promise<OpenFile> | undefined;
  let isCurrent = false;
  let wasReached = false;

  const open = (): Promise<OpenDatabase> => (opening ??= forgetOnFailure(connectNow(), () => (opening = undefined)));

  async function connectNow(): Promise<OpenDatabase> {
    // Loading the driver takes a moment that an embedded store need not wait.
    const { connect } = await import("./connect.js");
    const database = await connect(address);
    wasReached = true;
    return database;
  }

  async function forReading(): Promise<Db> {
    const { db } = await open();
    if (isCurrent || migrated !== undefined) return db;
    switch (await schemaVersion(db, address.name)) {
      case "current":
        isCurrent = true;
        return db;
      case "empty":
        return (await (placeholder ??= openPlaceholder())).db;
      case "older":
        throw new StoreError(
          `store ${address.name} is of an older version, and reading does not change it; bring it up to date with \`connections serve\`, or any command that writes`,
        );
    }
  }

  function forWriting(): Promise<OpenDatabase> {
    return (migrated ??= forgetOnFailure(migratedDatabase(), () => (migrated = undefined)));
  }

  /** Two servers that find no tables make the first ones at the same time, of which one fails and looks again. */
  async function migratedDatabase(): Promise<OpenDatabase> {
    const database = await open();
    await migrate(database.db, address.name);
    return database;
  }

  const access = createAccess({ name: address.name, forReading, forWriting, wasReached: () => wasReached, signal: closing.signal });

  return {
    ...sharedMethods(access),
    openStage: async () => openStage(access),
    openTagStage: async () => openTagStage(access),

    async close() {
      closing.abort();
      const [database, empty] = await Promise.allSettled([opening, placeholder]);
      opening = migrated = placeholder = undefined;
      isCurrent = false;
      if (empty.status === "fulfilled") empty.value?.close();
      if (database.status === "fulfilled") await database.value?.close();
    },
  };
}

function forgetOnFailure<T>(opening: Promise<T>, forget: () => void): Promise<T> {
  opening.catch(forget);
  return opening;
}
