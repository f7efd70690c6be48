import { createVerify, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { OAuthClientConfig } from "./oauth-client-config";
import { accessToken } from "./oauth-token";

const OPTIONS = { timeoutSeconds: 2 };

let server: Server;
let asked: URLSearchParams[] = [];
let authorization: string | undefined;
let answer: (response: ServerResponse, nth: number) => void;

beforeAll(async () => {
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve)));
beforeEach(() => {
  asked = [];
  answer = (response, nth) => json(response, 200, { access_token: `token ${nth}`, expires_in: 3_600 });
});

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  asked.push(new URLSearchParams(Buffer.concat(chunks).toString()));
  authorization = request.headers.authorization;
  answer(response, asked.length);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A client of its own for each test: tokens are kept. */
function client(part: Partial<OAuthClientConfig> = {}): OAuthClientConfig {
  const authorityUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return { useCertificate: false, clientId: randomUUID(), clientSecret: "s3cret-value", scope: "session:role:X", authorityUrl, ...part };
}

it("asks for a token with the client's secret, and keeps it", async () => {
  const config = client({ resource: "snowflake" });
  expect(await accessToken(config, OPTIONS)).toEqual({ token: "token 1", isCached: false });
  expect(await accessToken(config, OPTIONS)).toEqual({ token: "token 1", isCached: true });
  expect(asked.map((form) => Object.fromEntries(form))).toEqual([
    {
      grant_type: "client_credentials",
      client_id: config.clientId,
      client_secret: "s3cret-value",
      scope: "session:role:X",
      resource: "snowflake",
    },
  ]);
});

it("gives the secret in the header where that is asked for, encoded as in a form", async () => {
  const config = client({ clientId: `id ${randomUUID()}`, clientSecret: "a:b c" });
  await accessToken(config, { ...OPTIONS, secretIn: "header" });
  expect(asked[0]!.has("client_secret")).toBe(false);
  const [scheme, pair] = authorization!.split(" ") as [string, string];
  expect([scheme, Buffer.from(pair, "base64").toString()]).toEqual(["Basic", `${config.clientId.replace(" ", "+")}:a%3Ab+c`]);
});

it("asks anew when the token expires, when it is refused, and for another secret", async () => {
  answer = (response, nth) => json(response, 200, { access_token: `token ${nth}`, expires_in: nth === 1 ? 30 : 3_600 });
  const config = client();
  await accessToken(config, OPTIONS);
  expect(await accessToken(config, OPTIONS)).toEqual({ token: "token 2", isCached: false });
  expect(await accessToken(config, { ...OPTIONS, refresh: true })).toEqual({ token: "token 3", isCached: false });
  expect(await accessToken({ ...config, clientSecret: "other" }, OPTIONS)).toEqual({ token: "token 4", isCached: false });
});

it.each([
  ["ab:".repeat(19) + "ab", "x5t", Buffer.from("ab".repeat(20), "hex")],
  ["cd".repeat(32), "x5t#S256", Buffer.from("cd".repeat(32), "hex")],
  [Buffer.alloc(20, 7).toString("base64url"), "x5t", Buffer.alloc(20, 7)],
])("signs an assertion with the certificate's key, thumbprint %s", async (publicCertificateThumbprint, header, bytes) => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const content = privateKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "phrase" }).toString();
  const { clientSecret: _, ...config } = client({
    useCertificate: true,
    publicCertificateThumbprint,
    privateKey: { content },
    privateKeyPassword: "phrase",
  });
  await accessToken(config, OPTIONS);
  expect(asked[0]!.get("client_assertion_type")).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  expect(asked[0]!.has("client_secret")).toBe(false);
  const [head, claims, signature] = asked[0]!.get("client_assertion")!.split(".") as [string, string, string];
  expect(createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(publicKey, signature, "base64url")).toBe(true);
  const decoded = [head, claims].map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as object);
  expect(decoded[0]).toEqual({ alg: "RS256", typ: "JWT", [header]: bytes.toString("base64url") });
  expect(decoded[1]).toMatchObject({ aud: config.authorityUrl, iss: config.clientId, sub: config.clientId });
});

it.each([
  [
    401,
    { error: "invalid_client", error_description: "secret s3cret-value is wrong" },
    /clientId: .*correct clientId and clientSecret \(invalid_client: secret \[REDACTED\] is wrong, HTTP 401\)/,
  ],
  [400, { error: "invalid_scope" }, /scope: the token endpoint refuses this scope; correct it \(invalid_scope, HTTP 400\)/],
  [404, {}, /authorityUrl: the token endpoint gave no token; .*\(no error text, HTTP 404\)/],
  [302, {}, /authorityUrl: the token endpoint gave no token/],
  [200, { token: "not an access token" }, /authorityUrl: the token endpoint gave no token/],
])("names the field when the endpoint answers %s %j", async (status, body, message) => {
  answer = (response) => json(response, status, body);
  await expect(accessToken(client(), OPTIONS)).rejects.toMatchObject({
    statusCode: 422,
    message: expect.stringMatching(message) as string,
  });
});

it("says when the endpoint does not answer, or is not there", async () => {
  answer = () => undefined;
  await expect(accessToken(client(), { timeoutSeconds: 0.2 })).rejects.toThrow(
    /authorityUrl: .*cannot be reached \(no answer within 0.2 s\)/,
  );
  await expect(accessToken(client({ authorityUrl: "http://127.0.0.1:1/" }), OPTIONS)).rejects.toThrow(/authorityUrl: .*ECONNREFUSED/);
});

it("stops at the signal", async () => {
  answer = () => undefined;
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")), 50);
  await expect(accessToken(client(), { ...OPTIONS, signal: stop.signal })).rejects.toThrow("stopped");
});
