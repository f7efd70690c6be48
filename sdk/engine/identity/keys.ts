import { NotFoundError } from "../../model/errors";
import type { ApiKey, ApiKeyInput } from "../../model/identity";
import { apiKeySchema } from "../../model/identity-schema";
import type { ApiKeyRow, IdentityStore, NewApiKey } from "../../model/identity-store";
import { parse } from "../../model/validate";
import type { Clock } from "../clock";
import { hashSecret, keyPrefix, newSecret } from "./key-text";
import { noUser } from "./users";

const DAY_MILLISECONDS = 86_400_000;
const DEFAULT_NAME = "API key";

/** A new key. `key` is its text, which cannot be had again. */
export interface CreatedKey {
  readonly apiKey: ApiKey;
  readonly key: string;
}

export interface Keys {
  createKey(input: ApiKeyInput): Promise<CreatedKey>;
  /** In order of their ids; revoked and expired ones too. */
  listKeys(): Promise<readonly ApiKey[]>;
  /** One that is revoked already stays as it is. */
  revokeKey(id: number): Promise<void>;
}

export function createKeys(store: IdentityStore, clock: Pick<Clock, "now">): Keys {
  return {
    async createKey(input) {
      const { user: userName, name = DEFAULT_NAME, expiresInDays } = parse(apiKeySchema, input);
      const user = await store.getUser(userName);
      if (user === undefined) throw noUser(userName);
      const now = clock.now().getTime();
      const { row, textOf } = madeKey({
        name,
        createdAt: new Date(now).toISOString(),
        expiresAt: expiresInDays === undefined ? null : new Date(now + expiresInDays * DAY_MILLISECONDS).toISOString(),
      });
      const id = await store.insertKey(user.id, row);
      if (id === undefined) throw noUser(userName);
      return {
        apiKey: describe({ ...row, id, user: { id: user.id, name: user.name }, revokedAt: null, lastUsedAt: null }),
        key: textOf(id),
      };
    },
    async listKeys() {
      return (await store.listKeys()).map(describe);
    },
    async revokeKey(id) {
      if (Number.isSafeInteger(id) && (await store.revokeKey(id, clock.now().toISOString()))) return;
      throw new NotFoundError(`id: there is no API key ${id}; \`connections key list\` shows them`, { field: "id" });
    },
  };
}

/** A key with a random secret; its text is known when the store has given it an id. */
export function madeKey(rest: Pick<NewApiKey, "name" | "createdAt" | "expiresAt">): { row: NewApiKey; textOf: (id: number) => string } {
  const secret = newSecret();
  const row = { ...rest, secretHash: hashSecret(secret), isFromEnvironment: false };
  return { row, textOf: (id) => `${keyPrefix(id)}${secret}` };
}

function describe({ id, user, name, createdAt, expiresAt, revokedAt, lastUsedAt, isFromEnvironment }: ApiKeyRow): ApiKey {
  return { id, user, name, prefix: isFromEnvironment ? "" : keyPrefix(id), createdAt, expiresAt, revokedAt, lastUsedAt };
}
