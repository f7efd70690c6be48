import { parse, serialize } from "cookie";
import { z } from "zod";
import type { SecretBox } from "../../engine/secret-box";

const NAME = "connections_session";
const LIFETIME_MILLISECONDS = 12 * 3_600_000;

const contents = z.strictObject({ purpose: z.literal("session"), key: z.string(), until: z.number() });

/** A browser's session: its API key, sealed with the store's key so that no browser has it in plain text. No row, so it outlives restarts. */
export interface Sessions {
  /** The `Set-Cookie` header that starts a session. It ends after twelve hours, or with the browser, or with its key. */
  start(apiKey: string, isSecure: boolean): string;
  /** The `Set-Cookie` header that ends it. */
  end(isSecure: boolean): string;
  /** The API key of a `Cookie` header; undefined where it has no session that lasts. */
  read(header: string | undefined): string | undefined;
}

export function createSessions(secrets: SecretBox, now: () => number = Date.now): Sessions {
  const cookie = (value: string, isSecure: boolean, isOver: boolean) =>
    serialize(NAME, value, { httpOnly: true, sameSite: "strict", path: "/", secure: isSecure, ...(isOver && { maxAge: 0 }) });

  return {
    start: (key, isSecure) =>
      cookie(secrets.seal(JSON.stringify({ purpose: "session", key, until: now() + LIFETIME_MILLISECONDS })), isSecure, false),
    end: (isSecure) => cookie("", isSecure, true),
    read(header) {
      const sealed = header === undefined ? undefined : parse(header)[NAME];
      if (sealed === undefined || sealed === "") return undefined;
      const session = open(sealed);
      return session !== undefined && session.until > now() ? session.key : undefined;
    },
  };

  /** What was not sealed here is no session; whoever sends it has to sign in. */
  function open(sealed: string): z.infer<typeof contents> | undefined {
    try {
      return contents.parse(JSON.parse(secrets.open(sealed)));
    } catch {
      return undefined;
    }
  }
}
