/**
 * Field names that hold a secret, at any depth of `connection` and `nativeIntegration`. They are encrypted in the store,
 * left out of every read and marked secret in Pulumi's state.
 */
export const SECRET_FIELDS: ReadonlySet<string> = new Set([
  "password",
  "token",
  "content",
  "privateKeyPassword",
  "clientSecret",
  "encryptionKey",
]);

export const REDACTED = "[REDACTED]";

/** A deep copy without the secret fields. */
export function withoutSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutSecrets) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([name]) => !SECRET_FIELDS.has(name));
  return Object.fromEntries(entries.map(([name, member]) => [name, withoutSecrets(member)])) as T;
}

/** Where secret fields are in a value, as names from the value down. */
export function secretPaths(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, member]) =>
    SECRET_FIELDS.has(name) ? (member === undefined ? [] : [[...path, name]]) : secretPaths(member, [...path, name]),
  );
}

/** A deep copy in which every secret field has the value `[REDACTED]`. */
export function withRedactedSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withRedactedSecrets) as T;
  if (value === null || typeof value !== "object") return value;
  const redacted = ([name, member]: [string, unknown]) => [name, SECRET_FIELDS.has(name) ? REDACTED : withRedactedSecrets(member)] as const;
  return Object.fromEntries(Object.entries(value).map(redacted)) as T;
}

/** The secret texts inside a value, to be blanked out of messages. */
export function secretTexts(value: unknown, isSecret = false): string[] {
  if (typeof value === "string") return isSecret && value !== "" ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, member]) => secretTexts(member, isSecret || SECRET_FIELDS.has(name)));
}

/** The text with every secret replaced by `[REDACTED]`. */
export function redact(text: string, secrets: Iterable<string>): string {
  let clean = text;
  // Longest first, so that no secret is cut apart by a shorter one inside it.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, REDACTED);
  return clean;
}
