import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createIdentity, type Identity } from "../../sdk/engine/identity/identity";
import type { IdentityStore } from "../../sdk/model/identity-store";
import type { Store } from "../../sdk/model/store";
import { openSqliteStore } from "../../sdk/store/sqlite/sqlite-store";
import { temporaryFolder } from "./temporary";

export const ADDRESS = "192.0.2.1";

const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** A clock whose time and elapsed time move together. */
function movableClock() {
  let passed = 0;
  const start = Date.parse("2026-01-01T00:00:00.000Z");
  return {
    now: () => new Date(start + passed),
    elapsed: () => passed,
    sleep: async () => undefined,
    /** Seconds. */
    move: (seconds: number) => void (passed += seconds * 1_000),
  };
}

/** The identities of an embedded store in a folder of its own. */
export function testIdentity() {
  const folder = temporaryFolder();
  const clock = movableClock();
  const errors: unknown[] = [];
  /** The store's keys, the current one first; a test may rotate them. */
  const ring = { keys: [randomBytes(32)] };
  const open = (change: (store: IdentityStore) => IdentityStore = (store) => store): Identity => {
    const store = openSqliteStore(join(folder, "connections.db"));
    opened.push(store);
    return createIdentity({ store: change(store), clock, loadKeys: () => ring.keys, onError: (error) => void errors.push(error) });
  };
  return { folder, clock, errors, ring, identity: open(), /** As another process would open the same store. */ open };
}

export type TestIdentity = ReturnType<typeof testIdentity>;

/** As `testIdentity`, with a user `anna` of two groups and a key of hers. */
export async function withAnna() {
  const subject = testIdentity();
  const { identity } = subject;
  const groups = [await identity.createGroup("engineers"), await identity.createGroup("readers")];
  const anna = await identity.createUser({
    name: "anna",
    email: "anna@example.com",
    permissions: ["GOVERNANCE"],
    groups: ["engineers", "readers"],
  });
  const { key, apiKey } = await identity.createKey({ user: "anna" });
  const caller = {
    name: "anna",
    email: "anna@example.com",
    permissions: ["GOVERNANCE"],
    principals: [{ type: "user", id: anna.id }, ...groups.map(({ id }) => ({ type: "group", id }))],
  };
  return {
    ...subject,
    anna,
    key,
    apiKey,
    caller,
    call: (authorization?: string, address = ADDRESS) => identity.authenticate(authorization, address),
  };
}
