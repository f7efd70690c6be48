import { randomBytes } from "node:crypto";
import { createIdentity, type Identity } from "../../sdk/engine/identity/identity";
import type { IdentityStore } from "../../sdk/model/identity-store";
import type { Store } from "../../sdk/model/store";
import { temporaryFolder } from "./temporary";
import { newStorePlace, openTestStore } from "./store";

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

/** The identities of a store of its own. */
export function testIdentity() {
  const folder = temporaryFolder();
  const place = newStorePlace(folder);
  const clock = movableClock();
  const errors: unknown[] = [];
  /** The store's keys, the current one first; a test may rotate them. */
  const ring = { keys: [randomBytes(32)] };
  const open = (change: (store: IdentityStore) => IdentityStore = (store) => store): Identity => {
    const store = openTestStore(place);
    opened.push(store);
    return createIdentity({ store: change(store), clock, loadKeys: () => ring.keys, onError: (error) => void errors.push(error) });
  };
  return { folder, place, clock, errors, ring, identity: open(), /** As another process would open the same store. */ open };
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
