import { z } from "zod";
import { OBJECT_TYPES } from "../model/data-object";
import { ConnectionsError } from "../model/errors";
import { settingsSchema } from "../model/settings-schema";
import { problemsOf, type Problem } from "../model/validate";
import { parsePattern } from "./pattern";
import type { Match, Rule } from "./rules";

const days = z.number("expected a number of days").nonnegative("expected a number of days from 0 up");
const objectType = z.enum(OBJECT_TYPES);

const matchSchema = z
  .strictObject({
    path: z.string().optional().describe("database.schema.table as globs, joined by dots; holds for everything beneath too"),
    objectType: z.union([objectType, z.array(objectType)]).optional(),
    tag: z
      .union([z.string(), z.strictObject({ name: z.string(), value: z.string().optional() })])
      .optional()
      .describe("a tag of the platform on the object or one of its columns"),
    owner: z.string().optional().describe("the role or user that owns the object on the platform"),
    olderThanDays: days.optional(),
    newerThanDays: days.optional(),
  })
  .refine((match) => Object.keys(match).length > 0, "asks for nothing; name a path, objectType, tag, owner or age");

const decision = {
  isActive: z.boolean().optional(),
  activateNewChildren: z.boolean().optional().describe("whether databases and schemas give new objects an active start"),
};

const longRule = z.strictObject({ match: matchSchema, ...decision });
const verdict = z.union([z.enum(["active", "inactive"]), z.strictObject(decision)]);
const shortRule = z
  .record(z.string(), verdict)
  .refine((rule) => Object.keys(rule).length === 1, "give one pattern a rule: the order of rules decides");

const principal = z.strictObject({ type: z.enum(["user", "group"]), id: z.int() });
const connectionSchema = z.strictObject({
  connection: z
    .looseObject({ technology: z.string() })
    .optional()
    .describe("connection information; registers the connection. Left out, it is registered elsewhere"),
  settings: z
    .strictObject({ ...decision, dataOwners: z.array(principal).optional(), infrastructureAdmins: z.array(principal).optional() })
    .optional()
    .describe("settings at the top of the connection; what no rule matches is as the top"),
  nativeIntegration: z.looseObject({}).optional(),
  onExists: z.enum(["adopt", "fail"]).optional(),
  allowMassRemoval: z.boolean().optional(),
  rules: z.array(z.union([longRule, shortRule])).describe("in order; later rules win"),
});

/** A governance file, for editors; what is wrong with one is told by `fileProblems`. */
const fileSchema = z.strictObject({ $schema: z.string().optional(), connections: z.record(z.string(), connectionSchema) });

/** The JSON Schema of a governance file. */
export function governanceJsonSchema(): object {
  return { title: "Governance of connections", ...z.toJSONSchema(fileSchema, { io: "input" }) };
}

/** Everything that is wrong with rules as they were written, in their order. */
export function ruleProblems(rules: unknown, prefix: readonly PropertyKey[] = ["rules"]): Problem[] {
  if (!Array.isArray(rules)) return problemsOf(z.array(z.unknown()), rules, prefix);
  return rules.flatMap((rule, index) => {
    const at = [...prefix, index];
    const problems = problemsOf(isLong(rule) ? longRule : shortRuleFor(rule), rule, at);
    return problems.length > 0 ? problems : patternProblems(rule, at);
  });
}

/** @throws nothing, for rules without problems. */
export function normalizeRules(rules: readonly unknown[]): Rule[] {
  return rules.map((raw) => {
    const { match, ...decided } = longForm(raw);
    return { match, ...decided, pattern: match.path === undefined ? undefined : parsePattern(match.path), text: ruleText(raw) };
  });
}

/** Everything that is wrong with a file's content beside the connection information, which registration checks. */
export function fileProblems(content: unknown): Problem[] {
  const problems = problemsOf(z.strictObject({ $schema: z.unknown().optional(), connections: z.record(z.string(), z.unknown()) }), content);
  if (problems.length > 0) return problems;
  const { connections } = content as { connections: Record<string, unknown> };
  return Object.entries(connections).flatMap(([key, connection]) => {
    const at = ["connections", key];
    const shell = connectionSchema.extend({ rules: z.unknown(), settings: settingsSchema.optional(), connection: z.unknown().optional() });
    const own = problemsOf(shell, connection, at);
    return own.length > 0 ? own : ruleProblems((connection as { rules: unknown }).rules, [...at, "rules"]);
  });
}

function isLong(rule: unknown): boolean {
  return typeof rule === "object" && rule !== null && "match" in rule;
}

/** A key that is itself a match (`{ tag: pii }: inactive`) comes as JSON. */
function matchOfKey(key: string): unknown {
  if (!key.startsWith("{")) return { path: key };
  try {
    return JSON.parse(key) as unknown;
  } catch {
    return undefined;
  }
}

function shortRuleFor(rule: unknown) {
  const [key] = typeof rule === "object" && rule !== null ? Object.keys(rule) : [];
  if (key === undefined || !key.startsWith("{")) return shortRule;
  const match = matchOfKey(key);
  const [problem] = match === undefined ? [{ field: key, reason: "is no match" }] : problemsOf(matchSchema, match);
  return problem === undefined ? shortRule : shortRule.refine(() => false, `${problem.field}: ${problem.reason}`);
}

function patternProblems(rule: unknown, at: readonly PropertyKey[]): Problem[] {
  const { path } = longForm(rule).match;
  if (path === undefined) return [];
  try {
    parsePattern(path);
    return [];
  } catch (error) {
    if (!(error instanceof ConnectionsError)) throw error;
    return [{ path: at, field: at.map(String).join("."), reason: error.message }];
  }
}

function longForm(raw: unknown): { match: Match; isActive?: boolean; activateNewChildren?: boolean } {
  if (isLong(raw)) return raw as { match: Match };
  const [[key, value]] = Object.entries(raw as Record<string, "active" | "inactive" | object>) as [
    [string, "active" | "inactive" | object],
  ];
  const match = matchOfKey(key) as Match;
  return typeof value === "string" ? { match, isActive: value === "active" } : { match, ...value };
}

function ruleText(raw: unknown): string {
  const { match, isActive, activateNewChildren } = longForm(raw);
  const criteria = Object.entries(match).map(
    ([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
  );
  const what = Object.keys(match).length === 1 && match.path !== undefined ? match.path : `{ ${criteria.join(", ")} }`;
  const verdicts = [
    ...(isActive === undefined ? [] : [isActive ? "active" : "inactive"]),
    ...(activateNewChildren === undefined ? [] : [`activateNewChildren ${activateNewChildren}`]),
  ];
  return `${what}: ${verdicts.join(", ")}`;
}
