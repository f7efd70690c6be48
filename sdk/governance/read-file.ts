import { readFileSync } from "node:fs";
import { BadRequestError, messageOf } from "../model/errors";
import type { Problem } from "../model/validate";
import { readGovernanceYaml } from "./read-yaml";
import type { Rule } from "./rules";
import { fileProblems, normalizeRules } from "./rules-schema";

/** The rules of one connection, with the line of each. */
export interface GovernedConnection {
  readonly settings: { readonly isActive?: boolean; readonly activateNewChildren?: boolean };
  readonly rules: readonly Rule[];
  /** The line, from 1, of each rule. */
  readonly lines: readonly number[];
}

/**
 * The rules of a governance file, by connection key.
 * @throws BadRequestError naming file, line and field of everything that is wrong.
 */
export function readGovernanceFile(file: string): ReadonlyMap<string, GovernedConnection> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new BadRequestError(`--file: ${file} cannot be read (${messageOf(cause)}); name a governance file`, { field: "file", cause });
  }
  const { content, lineOf } = readGovernanceYaml(text, file);
  const problems = fileProblems(content);
  if (problems.length > 0) {
    const lines = problems.map(({ path, field, reason }: Problem) => `${file}:${lineOf(path) ?? 1}: ${field}: ${reason}`);
    throw new BadRequestError(lines.join("\n"), { field: problems[0]!.field });
  }
  const { connections } = content as {
    connections: Record<string, { settings?: GovernedConnection["settings"]; rules: readonly unknown[] }>;
  };
  return new Map(
    Object.entries(connections).map(([key, { settings = {}, rules }]) => [
      key,
      {
        settings,
        rules: normalizeRules(rules),
        lines: rules.map((_, index) => lineOf(["connections", key, "rules", index]) ?? 1),
      },
    ]),
  );
}
