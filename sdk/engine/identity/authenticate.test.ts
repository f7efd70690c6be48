import crypto from "node:crypto";
import * as fc from "fast-check";
import { ADDRESS, testIdentity, withAnna } from "../../../tests/support/identity";
import { bytesOfStore } from "../../../tests/support/store";
import { TooManyRequestsError, UnauthorizedError } from "../../model/errors";

const refused = { statusCode: 401, message: expect.stringMatching(/^Authorization: send a valid API key, or `Bearer`/) as string };
const madeUp = `pc_1_${"A".repeat(43)}`;

describe("a key", () => {
  it("calls as its user, with the permissions and groups of that user, with and without Bearer", async () => {
    const { call, key, caller, apiKey } = await withAnna();
    expect(key).toMatch(new RegExp(`^pc_${apiKey.id}_[A-Za-z0-9_-]{43}$`));
    expect(key.startsWith(apiKey.prefix)).toBe(true);
    for (const header of [key, `Bearer ${key}`, `bearer  ${key}`]) expect(await call(header)).toEqual(caller);
  });

  it("is refused in the same words, whatever is wrong with it", async () => {
    const { call, identity, key } = await withAnna();
    const { key: revoked, apiKey } = await identity.createKey({ user: "anna" });
    await identity.revokeKey(apiKey.id);
    const headers = [undefined, "", madeUp, madeUp.replace("_1_", "_99_"), revoked, "Basic YTpi", `Basic ${key}`, `${key} ${key}`];
    const errors = await Promise.all(headers.map((header, index) => call(header, `192.0.2.${index}`).catch((error: unknown) => error)));
    for (const error of errors) expect(error).toBeInstanceOf(UnauthorizedError);
    expect(new Set(errors.map((error) => (error as Error).message)).size).toBe(1);
    expect(String(errors[0])).not.toContain("pc_1");
  });

  it("is compared in constant time, whether there is one of that id or not", async () => {
    const { call, key } = await withAnna();
    const compare = jest.spyOn(crypto, "timingSafeEqual");
    try {
      for (const text of [key, madeUp, madeUp.replace("_1_", "_99_"), "some-key-of-the-environment"]) {
        compare.mockClear();
        await call(text).catch(() => undefined);
        expect([text, compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength])]).toEqual([text, [[32, 32]]]);
      }
    } finally {
      compare.mockRestore();
    }
  });

  it("never authenticates when anything about it is changed", async () => {
    const { identity, key, call, caller } = await withAnna();
    const { token } = await identity.issueToken(key, ADDRESS);
    await identity.createKey({ user: "anna" });
    const characters = [..."ABCXYZabcxyz0123456789_-.= +/%é\u0000"];
    const changed = (text: string) =>
      fc
        .record({ at: fc.nat(text.length - 1), by: fc.constantFrom("", ...characters), keep: fc.boolean(), cut: fc.nat(3) })
        .map(({ at, by, keep, cut }) => text.slice(0, at) + by + text.slice(keep ? at : at + 1 + cut))
        .filter((other) => other.trim() !== text);
    let tries = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed(key), changed(token)), fc.boolean(), async (text, isBearer) => {
        const address = `10.0.${++tries >> 8}.${tries & 255}`;
        await expect(call(isBearer ? `Bearer ${text}` : text, address)).rejects.toMatchObject({ statusCode: 401 });
      }),
      { numRuns: 1_000 },
    );
    expect([await call(key), await call(`Bearer ${token}`)]).toEqual([caller, caller]);
  });

  it("ends when it expires, by the clock of the store's process", async () => {
    const { identity, clock, call, caller } = await withAnna();
    const { key, apiKey } = await identity.createKey({ user: "anna", name: "CI", expiresInDays: 2 });
    expect(apiKey).toMatchObject({ name: "CI", expiresAt: "2026-01-03T00:00:00.000Z" });
    clock.move(2 * 86_400 - 1);
    expect(await call(key)).toEqual(caller);
    clock.move(1);
    await expect(call(key)).rejects.toMatchObject(refused);
  });

  it("that is revoked, or whose user is changed, is noticed at once here and within five seconds elsewhere", async () => {
    const { identity, clock, open, key, apiKey, call, caller } = await withAnna();
    const other = open();
    const elsewhere = () => other.authenticate(key, ADDRESS);
    expect([await call(key), await elsewhere()]).toEqual([caller, caller]);

    await identity.updateUser("anna", { permissions: [] });
    await identity.deleteGroup("engineers");
    expect(await call(key)).toMatchObject({ permissions: [], principals: [{ type: "user" }, { type: "group" }] });
    clock.move(5);
    expect(await elsewhere()).toEqual(await call(key));

    await identity.revokeKey(apiKey.id);
    await expect(call(key)).rejects.toMatchObject(refused);
    clock.move(5);
    await expect(elsewhere()).rejects.toMatchObject(refused);
  });

  it("of a deleted user is gone, also when the name is used again", async () => {
    const { identity, call, key } = await withAnna();
    await call(key);
    await identity.deleteUser("anna");
    await identity.createUser({ name: "anna" });
    await expect(call(key)).rejects.toMatchObject(refused);
    expect(await identity.listKeys()).toEqual([]);
  });

  it("revoked while a call reads it is not remembered as valid", async () => {
    const { open, identity: admin, key, apiKey } = await withAnna();
    let whileReading = async () => undefined as void;
    const slow = open((store) => ({
      ...store,
      async findKey(lookup) {
        const found = await store.findKey(lookup);
        await whileReading();
        return found;
      },
    }));
    whileReading = async () => {
      whileReading = async () => undefined;
      await slow.revokeKey(apiKey.id);
    };
    await slow.authenticate(key, ADDRESS);
    await expect(slow.authenticate(key, ADDRESS)).rejects.toMatchObject(refused);
    expect((await admin.listKeys())[0]!.revokedAt).not.toBeNull();
  });

  it("costs no read of the store for a few seconds, and a note of its use once a minute", async () => {
    const { open, clock, key } = await withAnna();
    const used: string[] = [];
    const counts = { reads: 0 };
    const counting = open((store) => ({
      ...store,
      findKey: (lookup) => {
        counts.reads++;
        return store.findKey(lookup);
      },
      setKeyUsed: (id, at) => {
        used.push(at);
        return store.setKeyUsed(id, at);
      },
    }));
    for (let second = 0; second < 120; second++) {
      for (let call = 0; call < 10; call++) await counting.authenticate(key, ADDRESS);
      clock.move(1);
    }
    expect(counts.reads).toBe(24);
    expect(used).toEqual(["2026-01-01T00:00:00.000Z", "2026-01-01T00:01:00.000Z"]);
    expect((await counting.listKeys())[0]!.lastUsedAt).toBe("2026-01-01T00:01:00.000Z");
  });

  it("works when its use cannot be noted; that is told beside, and tried again a minute later", async () => {
    const { open, clock, errors, key, caller } = await withAnna();
    const failing = open((store) => ({ ...store, setKeyUsed: () => Promise.reject(new Error("disk full")) }));
    for (const seconds of [0, 1, 60]) {
      clock.move(seconds);
      expect(await failing.authenticate(key, ADDRESS)).toEqual(caller);
    }
    expect(errors.map(String)).toEqual(["Error: disk full", "Error: disk full"]);
  });
});

describe("failed attempts", () => {
  const fail = async (identity: { authenticate: (text: string, address: string) => Promise<unknown> }, address: string, times = 10) => {
    for (let attempt = 0; attempt < times; attempt++) {
      await expect(identity.authenticate(madeUp.replace("A", "B"), address)).rejects.toBeInstanceOf(UnauthorizedError);
    }
  };

  it("close an address for the rest of a minute, also to what is right, and no other address", async () => {
    const { identity, clock, call, key, caller } = await withAnna();
    await fail(identity, ADDRESS);
    clock.move(20);
    const error = await call(key).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TooManyRequestsError);
    expect(error).toMatchObject({ statusCode: 429, retryAfterSeconds: 40, message: expect.stringMatching(/try again in 40 s/) as string });
    await expect(identity.issueToken(key, ADDRESS)).rejects.toBeInstanceOf(TooManyRequestsError);
    expect(await call(key, "192.0.2.2")).toEqual(caller);
    clock.move(40);
    expect(await call(key)).toEqual(caller);
  });

  it("are those of keys and tokens that never were valid: asking without, or with what has ended, is none", async () => {
    const { identity, call, key, clock } = await withAnna();
    const { key: other, apiKey } = await identity.createKey({ user: "anna" });
    const { token } = await identity.issueToken(other, ADDRESS);
    await identity.revokeKey(apiKey.id);
    for (let attempt = 0; attempt < 20; attempt++) {
      for (const header of [undefined, other, `Bearer ${token}`]) await expect(call(header)).rejects.toMatchObject(refused);
    }
    await call(key);
    await fail(identity, ADDRESS, 9);
    clock.move(60);
    await fail(identity, ADDRESS, 9);
    await call(key);
  });

  it.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true],
    ["2001:db8:1:2::1", "2001:0DB8:0001:0002::9", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["fe80::1%eth0", "fe80::2%eth1", true],
    ["::1", "::2", true],
    ["::1", "1::1", false],
    ["::ffff:192.0.2.7", "192.0.2.7", true],
    ["::ffff:192.0.2.7", "::ffff:192.0.2.8", false],
    ["", "192.0.2.7", false],
  ])("of %s count for %s: %s", async (one, other, isSame) => {
    const { identity, call, key } = await withAnna();
    await fail(identity, one);
    const outcome = await call(key, other).then(
      () => "in",
      () => "out",
    );
    expect(outcome).toBe(isSame ? "out" : "in");
  });

  it("from very many addresses do not fill the memory: the oldest is forgotten first", async () => {
    const { identity, call, key } = await withAnna();
    await fail(identity, ADDRESS);
    for (let address = 0; address < 10_000; address++) {
      await identity.authenticate(madeUp, `10.0.${address >> 8}.${address & 255}`).catch(() => undefined);
    }
    await call(key);
  }, 60_000);
});

describe("what is kept", () => {
  it("holds no key or token in any byte of the store's folder, nor in errors", async () => {
    const { place, identity } = testIdentity();
    const chosen = "a-key-chosen-by-an-administrator";
    await identity.ensureAdministrator({ CONNECTIONS_ADMIN_API_KEY: chosen });
    const { key } = await identity.createKey({ user: "admin" });
    const { token } = await identity.issueToken(key, ADDRESS);
    await identity.authenticate(`Bearer ${token}`, ADDRESS);
    await identity.authenticate(chosen, ADDRESS);
    const mistyped = await identity.authenticate(`${key}x`, ADDRESS).catch((error: unknown) => JSON.stringify(error) + String(error));
    const bytes = [...bytesOfStore(place), Buffer.from(mistyped as string)];
    expect(bytes.length).toBeGreaterThan(1);
    for (const secret of [chosen, key.slice(5), token.split(".").at(-1)!]) {
      expect(bytes.some((content) => content.includes(secret))).toBe(false);
    }
    expect(JSON.stringify(await identity.listKeys())).not.toMatch(/hash|[A-Za-z0-9_-]{40}/i);
  });
});
