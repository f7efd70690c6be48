import { timingSafeEqual } from "node:crypto";
import { PERMISSIONS } from "../../model/caller";
import { BadRequestError } from "../../model/errors";
import type { IdentityStore, NewApiKey } from "../../model/identity-store";
import type { Clock } from "../clock";
import { MADE_PREFIX, hashSecret } from "./key-text";
import { madeKey } from "./keys";

const VARIABLE = "CONNECTIONS_ADMIN_API_KEY";
const NAME = "admin";
/** Visible ASCII, so that it can be sent in a header. */
const ACCEPTABLE = /^[\x21-\x7e]{20,1000}$/;

/**
 * Sees to it that somebody can call: without any user it makes `admin` with all permissions, whose key is
 * CONNECTIONS_ADMIN_API_KEY or, where that is not set, a random one. A variable that was changed since replaces the key
 * that it was before; one that was taken away changes nothing.
 * @returns a random key that was made, to be shown once.
 * @throws BadRequestError naming the variable.
 */
export async function ensureAdministrator(
  store: IdentityStore,
  clock: Pick<Clock, "now">,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly key: string | undefined }> {
  const at = clock.now().toISOString();
  const chosen = environment[VARIABLE];
  const administrator = { name: NAME, email: null, permissions: PERMISSIONS, groups: [] };
  if (chosen === undefined || chosen === "") {
    const { row, textOf } = madeKey({ name: "first administrator", createdAt: at, expiresAt: null });
    const made = await store.insertFirstUser(administrator, row);
    return { key: made && textOf(made.keyId) };
  }
  requireAcceptable(chosen);
  const row = { name: VARIABLE, createdAt: at, expiresAt: null, secretHash: hashSecret(chosen), isFromEnvironment: true };
  if ((await store.insertFirstUser(administrator, row)) === undefined) await replaceKey(store, row, at);
  return { key: undefined };
}

function requireAcceptable(key: string): void {
  const refuse = (what: string) =>
    new BadRequestError(`${VARIABLE}: ${what}; make one with \`openssl rand -base64 32\``, { field: VARIABLE });
  if (key.startsWith(MADE_PREFIX)) throw refuse(`must not start with ${MADE_PREFIX}, as the keys do that \`connections key create\` makes`);
  if (!ACCEPTABLE.test(key)) throw refuse("expected at least 20 characters (and at most 1,000) of visible ASCII without spaces");
}

async function replaceKey(store: IdentityStore, row: NewApiKey, at: string): Promise<void> {
  const earlier = (await store.listKeys()).filter(({ isFromEnvironment }) => isFromEnvironment);
  const same = earlier.find(({ secretHash }) => timingSafeEqual(secretHash, row.secretHash));
  if (same?.revokedAt === null) return;
  if (same !== undefined) {
    throw new BadRequestError(`${VARIABLE}: this key was revoked or replaced; set a new one`, { field: VARIABLE });
  }
  const owner = earlier.at(-1)?.user.id ?? (await store.getUser(NAME))?.id;
  if (owner === undefined) {
    throw new BadRequestError(
      `${VARIABLE}: there is no user "${NAME}" for this key; make one with \`connections user create ${NAME}\`, or take the variable away`,
      { field: VARIABLE },
    );
  }
  await store.replaceEnvironmentKey(owner, row, at);
}
