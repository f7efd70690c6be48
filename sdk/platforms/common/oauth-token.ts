import { createHash, createSign, randomUUID } from "node:crypto";
import { Agent } from "node:https";
import { rootCertificates } from "node:tls";
import axios, { isAxiosError, type AxiosResponse } from "axios";
import { PlatformError, messageOf } from "../../model/errors";
import { redact, secretTexts } from "../../model/secret-fields";
import type { OAuthClientConfig } from "./oauth-client-config";
import { openPrivateKey } from "./private-key";

const FIELD = "connection.oAuthClientConfig";
/** A token that is about to expire is not used any more. */
const MARGIN_SECONDS = 60;
/** What is assumed of a token whose answer does not say. */
const DEFAULT_LIFETIME_SECONDS = 600;
const ASSERTION_SECONDS = 300;
const LONGEST_ANSWER_BYTES = 1_000_000;

export interface TokenOptions {
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Where the client's secret goes (RFC 6749, section 2.3.1): into the form, or into the Authorization header. */
  readonly secretIn?: "form" | "header";
  /** Authorities that are trusted beside the usual ones, as PEM texts. */
  readonly authorities?: readonly string[];
}

interface CachedToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** By the hash of the whole configuration: a secret that was replaced gets a token of its own. */
const cache = new Map<string, CachedToken>();

/**
 * An access token by client credentials (RFC 6749, section 4.4), with the client's secret or an assertion signed by its
 * certificate's key (RFC 7523); kept until shortly before it expires.
 * @param refresh ask again although there is one: the server refused it.
 * @throws PlatformError naming the field that the token endpoint refused.
 */
export async function accessToken(
  config: OAuthClientConfig,
  options: TokenOptions & { refresh?: boolean },
): Promise<{ token: string; isCached: boolean }> {
  const key = createHash("sha256").update(JSON.stringify(config)).digest("hex");
  const known = cache.get(key);
  if (known !== undefined && options.refresh !== true && known.expiresAt > Date.now()) return { token: known.token, isCached: true };
  cache.delete(key);
  const { token, lifetimeSeconds } = await requestToken(config, options);
  cache.set(key, { token, expiresAt: Date.now() + (lifetimeSeconds - MARGIN_SECONDS) * 1_000 });
  return { token, isCached: false };
}

async function requestToken(config: OAuthClientConfig, options: TokenOptions) {
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: config.clientId, scope: config.scope });
  if (config.resource !== undefined) form.set("resource", config.resource);
  if (config.useCertificate) {
    form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.set("client_assertion", clientAssertion(config));
  } else if (options.secretIn !== "header") form.set("client_secret", config.clientSecret!);
  const answer = await post(config, form, options);
  const { access_token: token, expires_in: lifetime } = isObject(answer.data) ? answer.data : {};
  if (answer.status !== 200 || typeof token !== "string" || token === "") throw refused(config, answer);
  return { token, lifetimeSeconds: Number(lifetime) > 0 ? Number(lifetime) : DEFAULT_LIFETIME_SECONDS };
}

async function post(
  config: OAuthClientConfig,
  form: URLSearchParams,
  { timeoutSeconds, signal, secretIn, authorities }: TokenOptions,
): Promise<AxiosResponse<unknown>> {
  try {
    return await axios.post(config.authorityUrl, form, {
      timeout: timeoutSeconds * 1_000,
      headers: { Accept: "application/json" },
      // A redirect would carry the client's secret elsewhere.
      maxRedirects: 0,
      maxContentLength: LONGEST_ANSWER_BYTES,
      validateStatus: () => true,
      ...(secretIn === "header" && !config.useCertificate && { auth: basic(config) }),
      ...(authorities && { httpsAgent: new Agent({ ca: [...rootCertificates, ...authorities] }) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const field = `${FIELD}.authorityUrl`;
    const reason = isAxiosError(error) && error.code === "ECONNABORTED" ? `no answer within ${timeoutSeconds} s` : reasonOf(error);
    throw new PlatformError(
      `${field}: ${config.authorityUrl} cannot be reached (${redact(reason, secretTexts(config))}); correct it, or see that this machine may reach it`,
      { field },
    );
  }
}

/** Both parts are encoded as in a form before they are joined. */
function basic({ clientId, clientSecret }: OAuthClientConfig): { username: string; password: string } {
  const encode = (text: string) => new URLSearchParams({ text }).toString().slice("text=".length);
  return { username: encode(clientId), password: encode(clientSecret!) };
}

/** Which field the endpoint's error code is about (RFC 6749, section 5.2). */
function refused(config: OAuthClientConfig, { status, data }: AxiosResponse<unknown>): PlatformError {
  const { error, error_description: description } = isObject(data) ? data : {};
  const said = [error, description].filter((text) => typeof text === "string").join(": ");
  const because = `(${redact(said, secretTexts(config)) || "no error text"}, HTTP ${status})`;
  const of = (member: string, text: string) =>
    new PlatformError(`${FIELD}.${member}: the token endpoint ${text} ${because}`, { field: `${FIELD}.${member}` });
  if (error === "invalid_scope") return of("scope", "refuses this scope; correct it");
  if (error === "invalid_client" || error === "unauthorized_client" || status === 401) {
    return config.useCertificate
      ? of("clientId", "refuses this client or its certificate; correct clientId, publicCertificateThumbprint and privateKey")
      : of("clientId", "refuses this client or its secret; correct clientId and clientSecret");
  }
  return of("authorityUrl", "gave no token; see that it is the token endpoint's own address and that the client may ask for tokens");
}

/** The client's claim to be itself, signed; `x5t` names the certificate (RFC 7515, section 4.1.7). */
function clientAssertion(config: OAuthClientConfig): string {
  const key = openPrivateKey({
    content: config.privateKey!.content,
    passphrase: config.privateKeyPassword,
    contentField: `${FIELD}.privateKey.content`,
    passphraseField: `${FIELD}.privateKeyPassword`,
  });
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    aud: config.authorityUrl,
    iss: config.clientId,
    sub: config.clientId,
    jti: randomUUID(),
    iat: now,
    nbf: now,
    exp: now + ASSERTION_SECONDS,
  };
  const signed = [{ alg: "RS256", typ: "JWT", ...thumbprintHeader(config.publicCertificateThumbprint!) }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
}

function thumbprintHeader(thumbprint: string): Record<string, string> {
  const hexadecimal = thumbprint.replaceAll(/[\s:]/g, "");
  const bytes = /^[0-9a-f]+$/i.test(hexadecimal) ? Buffer.from(hexadecimal, "hex") : Buffer.from(thumbprint, "base64url");
  if (bytes.length === 20) return { x5t: bytes.toString("base64url") };
  if (bytes.length === 32) return { "x5t#S256": bytes.toString("base64url") };
  const field = `${FIELD}.publicCertificateThumbprint`;
  throw new PlatformError(`${field}: expected the SHA-1 or SHA-256 thumbprint of the certificate, in hexadecimal or base64url`, { field });
}

function reasonOf(error: unknown): string {
  return isAxiosError(error) && error.message === "" ? (error.code ?? "no reason given") : messageOf(error);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
