import type { ZodType, z } from "zod";
import { BadRequestError } from "./errors";

type Issue = z.core.$ZodIssue;

/** One thing that is wrong with a value: where (dotted), and what in words. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly field: string;
  readonly reason: string;
}

/** Everything that is wrong with a value, in the order of its fields. Values never appear: one may be a secret. */
export function problemsOf(schema: ZodType, value: unknown, prefix: readonly PropertyKey[] = []): Problem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => problemsOfIssue(issue, value, prefix));
}

/**
 * The value as the schema's type.
 * @throws BadRequestError naming the first wrong field and how many more there are.
 */
export function parse<T>(schema: ZodType<T>, value: unknown, prefix: readonly PropertyKey[] = []): T {
  throwProblems(problemsOf(schema, value, prefix));
  return schema.parse(value);
}

export function throwProblems(problems: readonly Problem[]): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  const rest = more.length === 0 ? "" : ` (and ${more.length} more: ${more.map(({ field }) => field).join(", ")})`;
  throw new BadRequestError(`${first.field}: ${first.reason}${rest}`, { field: first.field });
}

function problemsOfIssue(issue: Issue, value: unknown, prefix: readonly PropertyKey[]): Problem[] {
  const at = (path: readonly PropertyKey[], reason: string): Problem => {
    const whole = [...prefix, ...path];
    return { path: whole, field: whole.length === 0 ? "body" : whole.map(String).join("."), reason };
  };
  switch (issue.code) {
    case "invalid_type":
      return [at(issue.path, ownText(issue) ?? `expected ${withArticle(issue.expected)}, got ${kindOf(memberAt(value, issue.path))}`)];
    case "unrecognized_keys":
      return issue.keys.map((key) => at([...issue.path, key], "unknown field; remove it or correct its name"));
    case "invalid_value":
      return [at(issue.path, `expected ${issue.values.map((one) => JSON.stringify(one)).join(" or ")}`)];
    default:
      return [at(issue.path, issue.message)];
  }
}

/** The message that a schema was given; zod's own ones all start with "Invalid". */
function ownText({ message }: Issue): string | undefined {
  return message.startsWith("Invalid ") ? undefined : message;
}

function memberAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<PropertyKey, unknown> | undefined)?.[name], value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return withArticle(Array.isArray(value) ? "array" : typeof value);
}

function withArticle(kind: string): string {
  const word = kind === "record" ? "object" : kind === "int" ? "whole number" : kind;
  return `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;
}
