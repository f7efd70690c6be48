import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ConnectionInformation } from "../../../sdk/model/registration";
import { connectionTo, describeSnowflake, execute, openSession, proxyTo, SHORT, useServer } from "./harness";

const PASSPHRASE = "key-pass-phrase";
const pair = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const otherPair = generateKeyPairSync("rsa", { modulusLength: 2_048 });

const account = {
  users: {
    GOV_SYSTEM: { password: "correct-horse-battery-staple" },
    KEY_USER: { publicKey: pair.publicKey.export({ format: "pem", type: "spki" }).toString() },
    LOCKED: { error: ["390102", "User temporarily locked. Try again later, or contact your local system administrator."] },
    DISABLED: { error: ["390101", "User access disabled. Contact your local system administrator."] },
    ELSEWHERE: { error: ["390422", "Incoming request with IP/Token 10.0.0.1 is not allowed to access Snowflake."] },
    SECOND_FACTOR: { error: ["394508", "Failed to authenticate: MFA enrollment is required."] },
  },
  tokens: ["good-token", "second-token"],
  expiredTokens: ["stale-token"],
};

describeSnowflake("logging in to Snowflake", () => {
  const { current } = serverWithDatabase();

  function serverWithDatabase() {
    const used = useServer(account);
    beforeAll(() => execute(used.server.port, "CREATE DATABASE SALES"));
    return { current: () => used.server.port };
  }

  async function check(connection: ConnectionInformation): Promise<void> {
    await (await openSession(connection, SHORT)).check();
  }

  async function refusal(part: object): Promise<string> {
    const error = await check(connectionTo(current(), part)).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ statusCode: 422, name: "PlatformError" });
    return error!.message;
  }

  it("takes the right password, and leaves no log file behind", async () => {
    await check(connectionTo(current()));
    expect(existsSync("snowflake.log")).toBe(false);
  });

  it.each([
    [{ password: "wrong-wrong" }, /^connection\.password: the user name or the password is wrong; correct .*390100/],
    [{ username: "LOCKED" }, /^connection\.username: user LOCKED is locked after failed logins; wait 15 minutes/],
    [{ username: "DISABLED" }, /^connection\.username: user DISABLED is disabled; have it enabled/],
    [{ username: "ELSEWHERE" }, /^connection\.hostname: a network policy .* does not admit this machine's address/],
    [{ username: "SECOND_FACTOR" }, /^connection\.authenticationType: the user needs a second factor/],
    [{ role: "NO_ROLE" }, /^connection\.role: role NO_ROLE does not exist, or is not granted to this user/],
    [{ warehouse: "NO_WH" }, /^connection\.warehouse: warehouse NO_WH does not exist, or role GOV_ROLE may not use it/],
    [{ port: 1 }, /^connection\.hostname: 127\.0\.0\.1:1 cannot be reached/],
    [{ hostname: "nowhere.invalid", port: 443 }, /^connection\.hostname: there is no host nowhere\.invalid/],
  ])("refuses %j with the field and the next step", async (part, message) => {
    const said = await refusal(part);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/wrong-wrong|correct-horse/);
  });

  it("takes a role or a warehouse in any case, and in quotes as it is", async () => {
    await check(connectionTo(current(), { warehouse: "gov_wh" }));
    expect(await refusal({ warehouse: '"gov_wh"' })).toMatch(/warehouse "gov_wh" does not exist/);
  });

  describe("by key pair", () => {
    const withKey = (key: KeyObject, part: object = {}) => {
      const content = key.export({ format: "pem", type: "pkcs8" }).toString();
      return keyConnection({ privateKey: { keyName: "PRIV_KEY_FILE", userFilename: "rsa_key.p8", content }, ...part });
    };
    const keyConnection = (part: object) => {
      const { password: _, ...rest } = connectionTo(current(), { authenticationType: "keyPair", username: "KEY_USER", ...part });
      return rest;
    };

    it("takes a plain key and an encrypted one", async () => {
      await check(withKey(pair.privateKey));
      const content = pair.privateKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: PASSPHRASE }).toString();
      const privateKey = { keyName: "PRIV_KEY_FILE", content };
      await check(keyConnection({ privateKey, privateKeyPassword: PASSPHRASE }));
      await expect(check(keyConnection({ privateKey, privateKeyPassword: "other" }))).rejects.toThrow(
        /^connection\.privateKeyPassword: does not open the key/,
      );
    });

    it("refuses a key that is not the user's", async () => {
      await expect(check(withKey(otherPair.privateKey))).rejects.toThrow(
        /^connection\.privateKey: Snowflake does not accept this key for user KEY_USER; .*390144/,
      );
      await expect(check(withKey(pair.privateKey, { username: "OTHER" }))).rejects.toThrow(/does not accept this key for user OTHER/);
    });

    it("asks nothing of the server with a key that is none", async () => {
      const proxy = await proxyTo(current());
      const broken = keyConnection({ port: proxy.port, privateKey: { keyName: "PRIV_KEY_FILE", content: "no key" } });
      await expect(check(broken)).rejects.toThrow(/^connection\.privateKey\.content: is no key in PEM form/);
      expect(proxy.sent).toEqual([]);
    });
  });

  describe("by OAuth client credentials", () => {
    let endpoint: Server;
    let tokens: string[];
    beforeEach(async () => {
      endpoint = createServer((_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ access_token: tokens.shift() ?? "none-left", expires_in: 3_600 }));
      });
      await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
    });
    afterEach(() => new Promise((resolve) => endpoint.close(resolve)));

    function oAuthConnection(clientId: string): ConnectionInformation {
      const authorityUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/token`;
      const oAuthClientConfig = {
        useCertificate: false,
        clientId,
        clientSecret: "s3cret-value",
        scope: "session:role:GOV_ROLE",
        authorityUrl,
      };
      const { username: _username, password: _password, ...rest } = connectionTo(current());
      return { ...rest, authenticationType: "oAuthClientCredentials", oAuthClientConfig };
    }

    it("logs in with a token, and keeps it for the next session", async () => {
      tokens = ["good-token"];
      await check(oAuthConnection("kept"));
      await check(oAuthConnection("kept"));
    });

    it("asks once for another token when the kept one is refused", async () => {
      tokens = ["good-token"];
      const connection = oAuthConnection("revoked");
      await check(connection);
      const proxy = await proxyTo(current());
      let logins = 0;
      proxy.disturb = ({ path }) => {
        if (path !== "/session/v1/login-request" || ++logins > 1) return undefined;
        return { status: 200, body: { success: false, code: "390318", message: "OAuth access token expired.", data: {} } };
      };
      tokens = ["second-token"];
      await check({ ...connection, port: proxy.port });
      expect(logins).toBe(2);
    });

    it.each([
      ["bad-token", /^connection\.oAuthClientConfig: Snowflake does not accept the access token; .*390303/],
      ["stale-token", /^connection\.oAuthClientConfig: the access token has expired.*390318/],
    ])("says that Snowflake refuses %s, without showing it", async (token, message) => {
      tokens = [token];
      const error = await check(oAuthConnection(token)).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ message: expect.stringMatching(message) as string });
      expect((error as Error).message).not.toContain("-token");
    });
  });
});
