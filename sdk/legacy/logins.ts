import { createHash } from "node:crypto";
import type { LegacyOrigin } from "../model/legacy/registration";
import { REDACTED, secretTexts, withRedactedSecrets, withoutSecrets } from "../model/secret-fields";
import type { AuthenticationFields } from "./authentication";
import { getOrAdd } from "./object-tree";

const FILE_NAME = "userFilename";

/** One way of logging in that registrations of an account use. No secret is kept, only whether two are the same. */
export interface Login {
  readonly fields: AuthenticationFields;
  readonly origin: LegacyOrigin;
}

/** The ways in which the registrations of one account log in. */
export class Logins {
  /** Public fields to hashes of their secrets; an empty hash where a registration does not hold them. */
  readonly #logins = new Map<string, Map<string, Login>>();

  add(fields: AuthenticationFields, origin: LegacyOrigin): void {
    const login = { fields: withRedactedSecrets(fields), origin };
    const identity = JSON.stringify(withoutSecrets(fields), (name, value: unknown) => (name === FILE_NAME ? undefined : value));
    getOrAdd(
      getOrAdd(this.#logins, identity, () => new Map<string, Login>()),
      hashOf(fields),
      () => login,
    );
  }

  /** Distinct logins by a label that names each: method and user, and where it stands if that is not enough. */
  labelled(): Map<string, Login> {
    const all = [...this.#logins.values()].flatMap(distinct).sort((a, b) => compare(a.origin, b.origin));
    const short = all.map(({ fields }) => labelOf(fields));
    return new Map(
      all.map((login, index) => {
        const label = short[index]!;
        const isOnly = short.indexOf(label) === short.lastIndexOf(label);
        return [isOnly ? label : `${label} (${login.origin.file}:${login.origin.line})`, login];
      }),
    );
  }
}

/** A registration without the secret may well mean the same as one with it. */
function distinct(bySecret: ReadonlyMap<string, Login>): Login[] {
  const withSecret = [...bySecret].filter(([hash]) => hash !== "").map(([, login]) => login);
  return withSecret.length > 0 ? withSecret : [...bySecret.values()];
}

function hashOf(fields: AuthenticationFields): string {
  const secrets = secretTexts(fields).filter((text) => text !== REDACTED);
  return secrets.length === 0 ? "" : createHash("sha256").update(JSON.stringify(secrets)).digest("base64");
}

function labelOf({ authenticationType, username, oAuthClientConfig }: AuthenticationFields): string {
  const clientId = (oAuthClientConfig as { clientId?: unknown } | undefined)?.clientId;
  return [authenticationType, username ?? clientId].filter((part) => typeof part === "string").join(" ");
}

function compare(a: LegacyOrigin, b: LegacyOrigin): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
}
