import { REDACTED, SECRET_FIELDS } from "../../model/secret-fields";

/** Names of nested fields that say more than their last element. */
const NAMES: Readonly<Record<string, string>> = {
  "privateKey.content": "privateKey",
  "oAuthClientConfig.clientSecret": "clientSecret",
  "oAuthClientConfig.privateKey.content": "clientPrivateKey",
};

/** The name under which a program's configuration holds the secret at `path` of a connection. */
export function secretName(connectionKey: string, path: readonly string[]): string {
  return `${connectionKey}-${NAMES[path.join(".")] ?? path.at(-1)}`;
}

/** Whether a planned field stands for a secret. */
export function isSecretField(path: readonly string[], value: unknown): boolean {
  return value === REDACTED && SECRET_FIELDS.has(path.at(-1) ?? "");
}

/** The configuration names of every secret of a planned connection. */
export function secretNames(connectionKey: string, connection: unknown, path: readonly string[] = []): string[] {
  if (isSecretField(path, connection)) return [secretName(connectionKey, path)];
  if (typeof connection !== "object" || connection === null) return [];
  return Object.entries(connection).flatMap(([name, member]) => secretNames(connectionKey, member, [...path, name]));
}
