import type { IdentityStore } from "../model/identity-store";
import type { Store } from "../model/store";
import { isPostgresAddress, parsePostgresAddress } from "./postgres/address";
import { openPostgresStore } from "./postgres/postgres-store";
import { openSqliteStore } from "./sqlite/sqlite-store";

export { isPostgresAddress };

/** @param place a file, or a PostgreSQL address. */
export function openStore(place: string): Store & IdentityStore {
  return isPostgresAddress(place) ? openPostgresStore(place) : openSqliteStore(place);
}

/** For people: a file, or an address without its password. */
export function nameOfStore(place: string): string {
  return isPostgresAddress(place) ? parsePostgresAddress(place).name : place;
}
