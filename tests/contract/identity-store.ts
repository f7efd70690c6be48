import type { IdentityStore, NewApiKey, UserRecord } from "../../sdk/model/identity-store";

const at = "2026-01-01T00:00:00.000Z";
const later = "2026-01-02T00:00:00.000Z";

const user = (name: string, rest: Partial<UserRecord> = {}): UserRecord => ({ name, email: null, permissions: [], groups: [], ...rest });
const key = (byte: number, isFromEnvironment = false): NewApiKey => ({
  name: `key ${byte}`,
  createdAt: at,
  expiresAt: null,
  secretHash: Buffer.alloc(32, byte),
  isFromEnvironment,
});

/** What every implementation of IdentityStore promises. `reopen` opens the same data as another process would. */
export function identityStoreContract(name: string, open: () => Promise<{ store: IdentityStore; reopen: () => IdentityStore }>): void {
  describe(`IdentityStore: ${name}`, () => {
    async function withAnna() {
      const opened = await open();
      await opened.store.insertGroup("readers");
      await opened.store.insertGroup("Engineers");
      const anna = await opened.store.insertUser(
        user("anna", { email: "anna@example.com", permissions: ["GOVERNANCE"], groups: ["readers", "Engineers", "readers"] }),
      );
      if ("conflict" in anna) throw new Error(anna.conflict);
      return { ...opened, anna };
    }

    it("reads as empty before anything is written", async () => {
      const { store } = await open();
      expect(await Promise.all([store.listUsers(), store.listGroups(), store.listKeys()])).toEqual([[], [], []]);
      expect(await store.findKey("environment")).toBeUndefined();
      expect(await store.getUser("anna")).toBeUndefined();
    });

    it("keeps users with their groups for the next process, in order of the names", async () => {
      const { store, reopen, anna } = await withAnna();
      await store.insertUser(user("Bea"));
      expect(anna).toMatchObject({ name: "anna", email: "anna@example.com", permissions: ["GOVERNANCE"] });
      expect(anna.groups.map((group) => group.name)).toEqual(["Engineers", "readers"]);
      expect((await reopen().listUsers()).map(({ name: one }) => one)).toEqual(["Bea", "anna"]);
      expect(await reopen().getUser("anna")).toEqual(anna);
      expect((await reopen().listGroups()).map(({ name: one }) => one)).toEqual(["Engineers", "readers"]);
    });

    it("writes nothing of a user whose name is taken or whose group is unknown", async () => {
      const { store, anna } = await withAnna();
      await store.insertUser(user("bea"));
      expect(await store.insertUser(user("anna", { email: "other@example.com" }))).toEqual({ conflict: "nameTaken" });
      expect(await store.insertUser(user("carl", { groups: ["nobody"] }))).toEqual({ conflict: "unknownGroup", group: "nobody" });
      expect(await store.updateUser("bea", { name: "anna", permissions: ["GOVERNANCE"] })).toEqual({ conflict: "nameTaken" });
      expect(await store.updateUser("anna", { email: null, groups: ["nobody"] })).toEqual({ conflict: "unknownGroup", group: "nobody" });
      expect(await store.updateUser("carl", { email: null })).toBeUndefined();
      expect(await store.listUsers()).toEqual([anna, expect.objectContaining({ name: "bea", permissions: [] })]);
      expect(await store.insertGroup("readers")).toBeUndefined();
    });

    it("changes what is named of a user and leaves the rest", async () => {
      const { store, anna } = await withAnna();
      expect(await store.updateUser("anna", { name: "anne" })).toEqual({ ...anna, name: "anne" });
      expect(await store.updateUser("anne", { email: null, permissions: [], groups: [] })).toEqual({
        id: anna.id,
        name: "anne",
        email: null,
        permissions: [],
        groups: [],
      });
    });

    it("removes a user with its keys, a group with its memberships, and never uses an id again", async () => {
      const { store, anna } = await withAnna();
      const keyId = (await store.insertKey(anna.id, key(1)))!;
      const readers = anna.groups.find((group) => group.name === "readers")!;
      expect([await store.deleteGroup("readers"), await store.deleteGroup("readers")]).toEqual([true, false]);
      expect((await store.getUser("anna"))?.groups.map((group) => group.name)).toEqual(["Engineers"]);
      expect((await store.insertGroup("readers"))!.id).toBeGreaterThan(readers.id);
      expect((await store.getUser("anna"))?.groups).toHaveLength(1);

      expect([await store.deleteUser("anna"), await store.deleteUser("anna")]).toEqual([true, false]);
      expect(await store.findKey(keyId)).toBeUndefined();
      expect(await store.listKeys()).toEqual([]);
      expect(await store.insertKey(anna.id, key(2))).toBeUndefined();
      const again = await store.insertUser(user("anna"));
      if ("conflict" in again) throw new Error(again.conflict);
      expect(again.id).toBeGreaterThan(anna.id);
      expect(again.groups).toEqual([]);
      expect(await store.insertKey(again.id, key(3))).toBeGreaterThan(keyId);
    });

    it("makes one first user, in whichever process", async () => {
      const { store, reopen } = await open();
      expect(await store.insertFirstUser(user("admin"), key(1))).toMatchObject({ user: { name: "admin" } });
      expect(await reopen().insertFirstUser(user("admin"), key(1))).toBeUndefined();
      expect(await store.listKeys()).toHaveLength(1);
      expect(await store.insertFirstUser(user("other"), key(2))).toBeUndefined();
      expect(await store.listUsers()).toHaveLength(1);
    });

    it("finds a key with its user, and revokes it once", async () => {
      const { store, reopen, anna } = await withAnna();
      const id = (await store.insertKey(anna.id, { ...key(1), expiresAt: later }))!;
      expect(await reopen().findKey(id)).toEqual({
        user: anna,
        key: {
          ...{ ...key(1), id, user: { id: anna.id, name: "anna" }, expiresAt: later },
          ...{ revokedAt: null, lastUsedAt: null },
        },
      });
      expect(await store.findKey(id + 1)).toBeUndefined();
      expect(await store.findKey("environment")).toBeUndefined();
      expect([await store.revokeKey(id, at), await store.revokeKey(id, later), await store.revokeKey(id + 1, at)]).toEqual([
        true,
        true,
        false,
      ]);
      expect((await reopen().listKeys())[0]).toMatchObject({ revokedAt: at });
    });

    it("notes when a key was used, and never moves that back", async () => {
      const { store, anna } = await withAnna();
      const id = (await store.insertKey(anna.id, key(1)))!;
      for (const used of [at, later, at]) await store.setKeyUsed(id, used);
      expect((await store.findKey(id))?.key.lastUsedAt).toBe(later);
    });

    it("has one valid key from the environment, and leaves other keys alone", async () => {
      const { store, anna } = await withAnna();
      const other = (await store.insertKey(anna.id, key(9)))!;
      await store.replaceEnvironmentKey(anna.id, key(1, true), at);
      await store.replaceEnvironmentKey(anna.id, key(2, true), later);
      await store.replaceEnvironmentKey(anna.id, key(2, true), later);
      const keys = await store.listKeys();
      expect(keys.map(({ secretHash, revokedAt }) => [secretHash[0], revokedAt])).toEqual([
        [9, null],
        [1, later],
        [2, null],
      ]);
      expect((await store.findKey("environment"))?.key.secretHash[0]).toBe(2);
      expect((await store.findKey(other))?.key.revokedAt).toBeNull();
      await store.replaceEnvironmentKey(anna.id, key(1, true), later);
      expect(await store.listKeys()).toHaveLength(3);
    });
  });
}
