import type { Store } from "../../model/store";
import { KEPT } from "./feed-ranges";

/** So few that no other process waits long for its turn to write. */
const STATEMENTS_PER_REMOVAL = 5_000;

/** Later than every statement. */
const END_OF_TIME = "9999-12-31T23:59:59.999Z";

/** Removes what has been kept long enough. */
export function forgetOldActivity(store: Store, connectionKey: string, now: string): Promise<void> {
  return forgetBefore(store, connectionKey, new Date(Date.parse(now) - KEPT).toISOString());
}

/** Before a connection goes: its statements may be millions, more than one transaction should remove. */
export function forgetActivity(store: Store, connectionKey: string): Promise<void> {
  return forgetBefore(store, connectionKey, END_OF_TIME);
}

async function forgetBefore(store: Store, connectionKey: string, at: string): Promise<void> {
  let removed: number;
  do removed = await store.deleteActivityBefore(connectionKey, at, STATEMENTS_PER_REMOVAL);
  while (removed === STATEMENTS_PER_REMOVAL);
}
