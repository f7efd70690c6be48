import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { ADDRESS, withAnna } from "../../../tests/support/identity";

const refused = { statusCode: 401 };
const HOUR = 3_600;

async function withToken() {
  const subject = await withAnna();
  const issued = await subject.identity.issueToken(subject.key, ADDRESS);
  return { ...subject, ...issued, header: `Bearer ${issued.token}` };
}

it("a token calls as the user of its key for an hour, and needs Bearer before it", async () => {
  const { call, clock, header, token, expiresAt, caller } = await withToken();
  expect(expiresAt).toBe("2026-01-01T01:00:00.000Z");
  expect(await call(header)).toEqual(caller);
  await expect(call(token)).rejects.toMatchObject(refused);
  clock.move(HOUR - 1);
  expect(await call(header)).toEqual(caller);
  clock.move(1);
  await expect(call(header)).rejects.toMatchObject(refused);
});

it("a token makes no other token, so that it cannot be renewed for ever; a key does with Bearer too", async () => {
  const { identity, header, key } = await withToken();
  await expect(identity.issueToken(header, ADDRESS)).rejects.toMatchObject(refused);
  expect((await identity.issueToken(`Bearer ${key}`, ADDRESS)).token).toMatch(/^pc_token\./);
  await expect(identity.issueToken(undefined, ADDRESS)).rejects.toMatchObject(refused);
});

it("a token ends with its key", async () => {
  const { identity, call, clock, header, apiKey } = await withToken();
  const { key: short } = await identity.createKey({ user: "anna", expiresInDays: 1 });
  clock.move(86_400 - 60);
  const { token, expiresAt } = await identity.issueToken(short, ADDRESS);
  expect(expiresAt).toBe("2026-01-02T00:00:00.000Z");
  await call(`Bearer ${token}`);
  clock.move(60);
  await expect(call(`Bearer ${token}`)).rejects.toMatchObject(refused);
  await identity.revokeKey(apiKey.id);
  await expect(call(header)).rejects.toMatchObject(refused);
});

it("a token that is still young is refused once its key is revoked, or its user gone", async () => {
  const { identity, call, header, apiKey } = await withToken();
  await call(header);
  await identity.revokeKey(apiKey.id);
  await expect(call(header)).rejects.toMatchObject(refused);
  const { key } = await identity.createKey({ user: "anna" });
  const { token } = await identity.issueToken(key, ADDRESS);
  await call(`Bearer ${token}`);
  await identity.deleteUser("anna");
  await expect(call(`Bearer ${token}`)).rejects.toMatchObject(refused);
});

it("a token of one process is valid in every other on the same store", async () => {
  const { open, header, caller } = await withToken();
  expect(await open().authenticate(header, ADDRESS)).toEqual(caller);
});

describe("when the store's key is rotated", () => {
  it("tokens of both keys are valid in every process as long as the previous one is there", async () => {
    const { identity, open, ring, header, key, call, caller } = await withToken();
    ring.keys = [randomBytes(32), ...ring.keys];
    const fresh = open();
    const { token } = await identity.issueToken(key, ADDRESS);
    expect(token.split(".")[1]).not.toBe(header.split(".")[1]);
    for (const one of [header, `Bearer ${token}`])
      expect([await call(one), await fresh.authenticate(one, ADDRESS)]).toEqual([caller, caller]);
  });

  it("a process that knew the old key honours its tokens to their end, and no longer; one that did not refuses them", async () => {
    const { open, ring, header, call, caller, clock, apiKey } = await withToken();
    const [old] = ring.keys;
    ring.keys = [randomBytes(32)];
    expect(await call(header)).toEqual(caller);
    await expect(open().authenticate(header, ADDRESS)).rejects.toMatchObject(refused);
    clock.move(HOUR - 1);
    expect(await call(header)).toEqual(caller);
    clock.move(1);
    // Whoever has stolen the old key can sign what he likes, but nobody listens.
    await expect(call(`Bearer ${signed(old!, apiKey.id, clock.now().getTime() / 1_000 + HOUR)}`)).rejects.toMatchObject(refused);
  });

  it("what an outsider signs with the new key is a valid token: the test above signs as the engine does", async () => {
    const { ring, call, caller, clock, apiKey } = await withToken();
    expect(await call(`Bearer ${signed(ring.keys[0]!, apiKey.id, clock.now().getTime() / 1_000 + HOUR)}`)).toEqual(caller);
  });
});

/** A token as anybody can make it who has the store's key. */
function signed(storeKey: Buffer, keyId: number, expires: number): string {
  const key = Buffer.from(hkdfSync("sha256", storeKey, Buffer.alloc(0), "pulumi-connections bearer token v1", 32));
  const name = createHash("sha256").update("name of token key").update(key).digest("hex").slice(0, 12);
  const claims = `pc_token.${name}.${keyId}.${expires}`;
  return `${claims}.${createHmac("sha256", key).update(claims).digest("base64url")}`;
}
