import { randomBytes } from "node:crypto";
import { createSecretBox } from "../../engine/secret-box";
import { builtPage } from "../../../tests/support/page";
import { register, testEngine } from "../../../tests/support/engine";
import { account } from "../../../tests/support/memory-platform";
import { withAnna } from "../../../tests/support/identity";
import { sender } from "../../../tests/support/http";
import { createServer } from "../server";
import { createSessions } from "./session";

const OWN = { "x-connections-page": "1" };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server with the page, one connection, and a user with a key. */
async function withPage() {
  const { identity, key, apiKey } = await withAnna();
  const { api } = testEngine(account({ sales: { main: ["orders"] } }));
  await register(api);
  const secretKey = randomBytes(32);
  const app = createServer({
    engine: api,
    identity,
    version: "0.0.0",
    checkReady: async () => undefined,
    page: { folder: builtPage(), secrets: createSecretBox(() => [secretKey]) },
  });
  closing.push(() => app.close());
  const send = sender(await app.listen({ host: "127.0.0.1", port: 0 }));
  const signIn = (apiKeyText = key, headers: Record<string, string> = OWN) =>
    send({ method: "POST", url: "/session", headers, payload: { apiKey: apiKeyText } });
  const cookieOf = async () => String((await signIn()).headers["set-cookie"]).split(";")[0]!;
  return { send, identity, key, apiKey, signIn, cookieOf };
}

describe("the page", () => {
  it.each(["/", "/browse", "/browse/warehouse/sales%2Fold/x", "/search?text=a", "/syncs"])(
    "is served at %s, never stale, under a strict policy",
    async (url) => {
      const { send } = await withPage();
      const { statusCode, headers, body } = await send({ url });
      expect([statusCode, body]).toEqual([200, "<!doctype html><title>page</title>"]);
      expect(headers["cache-control"]).toBe("public, max-age=0");
      expect(headers["content-security-policy"]).toMatch(
        /default-src 'none'; script-src 'self'; style-src 'self';.*frame-ancestors 'none'/,
      );
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      const again = await send({ url, headers: { "if-none-match": String(headers.etag) } });
      expect(again.statusCode).toBe(304);
    },
  );

  it("has assets that are kept for ever and sent compressed", async () => {
    const { send } = await withPage();
    const { headers, body } = await send({ url: "/assets/index-abc.js", headers: { "accept-encoding": "gzip" } });
    expect(headers).toMatchObject({ "cache-control": "public, max-age=31536000, immutable", "content-encoding": "gzip" });
    expect(body).toBe("compressed");
    expect((await send({ url: "/assets/index-abc.js" })).body).toHaveLength(4_000);
    expect((await send({ url: "/assets/..%2findex.html" })).statusCode).toBe(403);
  });

  it("leaves the API's own addresses and errors as they are", async () => {
    const { send, key } = await withPage();
    expect((await send({ url: "/nowhere" })).json()).toMatchObject({ statusCode: 404 });
    expect((await send({ url: "/data/object/warehouse" })).statusCode).toBe(401);
    expect((await send({ url: "/data/object/warehouse", headers: { authorization: key } })).statusCode).toBe(200);
  });
});

describe("a session", () => {
  it("starts with an API key, calls as its user, and ends", async () => {
    const { send, signIn, cookieOf } = await withPage();
    const started = await signIn();
    expect(started.json()).toMatchObject({ name: "anna", permissions: ["GOVERNANCE"] });
    expect(String(started.headers["set-cookie"])).toMatch(/^connections_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = await cookieOf();
    const read = await send({ url: "/data/object/warehouse", headers: { cookie } });
    expect([read.statusCode, read.headers["cache-control"]]).toEqual([200, "no-store"]);
    expect((await send({ url: "/session", headers: { cookie } })).json()).toMatchObject({ name: "anna" });
    const ended = await send({ method: "DELETE", url: "/session", headers: { cookie, ...OWN } });
    expect(String(ended.headers["set-cookie"])).toContain("connections_session=; Max-Age=0");
  });

  it("holds no key in plain text, and is nothing when it was changed", async () => {
    const { send, key, cookieOf } = await withPage();
    const cookie = await cookieOf();
    expect(decodeURIComponent(cookie)).not.toContain(key);
    for (const wrong of [cookie.slice(0, -8), "connections_session=v1:abc:def", "connections_session="]) {
      expect((await send({ url: "/session", headers: { cookie: wrong } })).statusCode).toBe(401);
    }
  });

  it("is refused for a wrong key, and ends with a revoked one", async () => {
    const { send, identity, apiKey, signIn, cookieOf } = await withPage();
    expect(await signIn("pc_1_wrong")).toMatchObject({ statusCode: 401 });
    const cookie = await cookieOf();
    await identity.revokeKey(apiKey.id);
    expect((await send({ url: "/data/object/warehouse", headers: { cookie } })).statusCode).toBe(401);
  });

  it("takes writes from its own page only", async () => {
    const { send, cookieOf, signIn } = await withPage();
    const cookie = await cookieOf();
    const write = (headers: Record<string, string>) =>
      send({
        method: "PUT",
        url: "/data/settings/warehouse",
        headers: { cookie, ...headers },
        payload: { settings: { isActive: true } },
      });
    for (const headers of [{}, { "x-connections-page": "1", "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-origin" }]) {
      expect((await write(headers as Record<string, string>)).json()).toMatchObject({ statusCode: 403, field: "x-connections-page" });
    }
    expect((await write({ ...OWN, "sec-fetch-site": "same-origin" })).statusCode).toBe(200);
    expect((await signIn(undefined, {})).statusCode).toBe(403);
  });

  it("gives way to an API key that is sent beside it", async () => {
    const { send, cookieOf } = await withPage();
    const headers = { cookie: await cookieOf(), authorization: "pc_9_another" };
    expect((await send({ url: "/data/object/warehouse", headers })).statusCode).toBe(401);
  });

  it("ends after twelve hours, and is marked secure where the server is", () => {
    let now = 0;
    const key = randomBytes(32);
    const sessions = createSessions(
      createSecretBox(() => [key]),
      () => now,
    );
    const header = sessions.start("a-key", true);
    expect(header).toContain("; Secure");
    const cookie = header.split(";")[0];
    now = 12 * 3_600_000 - 1;
    expect(sessions.read(cookie)).toBe("a-key");
    now++;
    expect(sessions.read(cookie)).toBeUndefined();
  });
});
