import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { readGovernanceYaml } from "../sdk/governance/read-yaml";
import type { Match, Rule } from "../sdk/governance/rules";
import { messageOf } from "../sdk/model/errors";
import { fromConfiguration } from "./from-configuration";
import { Connection, type ConnectionArgs } from "./connection";
import { GovernanceRules } from "./governance-rules";
import { runError } from "./run-error";

/** A rule by a pattern, `{ "sales.*.fct_*": "active" }`, or by a match of several things. */
export type GovernanceRule =
  | Readonly<Record<string, "active" | "inactive" | Readonly<Pick<Rule, "isActive" | "activateNewChildren">>>>
  | ({ readonly match: Match } & Readonly<Pick<Rule, "isActive" | "activateNewChildren">>);

/** What is governed of one connection. With `connection` it is registered too; without, it is registered elsewhere. */
export interface GovernedConnectionArgs extends Omit<Partial<ConnectionArgs>, "connectionKey"> {
  /** In order: of the rules that match an object or something above it, the last one decides. */
  readonly rules: pulumi.Input<pulumi.Input<GovernanceRule>[]>;
}

export interface GovernanceArgs {
  /** A YAML or JSON file, relative to the program's folder; docs/governance.schema.json describes it to editors. */
  readonly file?: string;
  /** The same in code, by connection key. */
  readonly connections?: Readonly<Record<string, GovernedConnectionArgs>>;
}

const FIELDS = new Set(["connection", "settings", "nativeIntegration", "onExists", "allowMassRemoval", "rules"]);

/**
 * Connections and ordered rules over their objects, compiled to the fewest overrides. The rules own every status beneath the
 * connections they are for: what they do not come to is drift.
 *
 * @example
 * ```ts
 * new Governance("main", { file: "governance.yaml" });
 * new Governance("main", { connections: { warehouse: { rules: [{ "sales.*.fct_*": "active" }] } } });
 * ```
 */
export class Governance extends pulumi.ComponentResource {
  /** The connections that it registers, by key. */
  readonly connections: Readonly<Record<string, Connection>>;
  /** What the rules of each connection come to, by its key. */
  readonly rules: Readonly<Record<string, GovernanceRules>>;

  constructor(name: string, args: GovernanceArgs, options?: pulumi.ComponentResourceOptions) {
    super("connections:index:Governance", name, {}, options);
    const owner = `Governance "${name}"`;
    const connections: Record<string, Connection> = {};
    const rules: Record<string, GovernanceRules> = {};
    for (const [connectionKey, governed] of Object.entries(connectionsOf(args, owner))) {
      const { rules: written, connection, ...rest } = governed;
      const child = `${name}-${connectionKey}`;
      if (connection !== undefined) {
        connections[connectionKey] = new Connection(child, { ...rest, connectionKey, connection }, { parent: this });
      }
      const top = pulumi.output(rest.settings).apply((settings) => topOf(settings));
      rules[connectionKey] = new GovernanceRules(`${child}-rules`, { connectionKey, rules: written, top }, owner, { parent: this });
    }
    this.connections = connections;
    this.rules = rules;
    this.registerOutputs({});
  }
}

function connectionsOf({ file, connections }: GovernanceArgs, owner: string): Readonly<Record<string, GovernedConnectionArgs>> {
  if ((file === undefined) === (connections === undefined)) throw runError(`${owner}: give either a file or connections`);
  if (connections !== undefined) return checked({ connections }, () => owner);
  let text: string;
  try {
    text = readFileSync(file!, "utf8");
  } catch (error) {
    throw runError(`${owner}: file: ${file} cannot be read (${messageOf(error)}); name a file in the program's folder`);
  }
  try {
    const { content, lineOf } = readGovernanceYaml(text, file!);
    return fromConfiguration(
      checked(content, (path) => `${file}:${lineOf(path) ?? 1}`),
      owner,
    );
  } catch (error) {
    throw error instanceof pulumi.RunError ? error : runError(`${owner}: ${messageOf(error)}`);
  }
}

/** The outer shape; rules and connection information are checked where they are used. */
function checked(content: unknown, place: (path: readonly string[]) => string): Readonly<Record<string, GovernedConnectionArgs>> {
  const fail = (path: readonly string[], reason: string) => runError(`${place(path)}: ${path.join(".") || "content"}: ${reason}`);
  if (!isMembers(content)) throw fail([], "expected an object with `connections`");
  const wrong = Object.keys(content).find((field) => field !== "connections" && field !== "$schema");
  if (wrong !== undefined) throw fail([wrong], "unknown field; remove it or correct its name");
  const { connections } = content;
  if (!isMembers(connections)) throw fail(["connections"], "expected connections by key");
  for (const [key, governed] of Object.entries(connections)) {
    const path = ["connections", key];
    if (!isMembers(governed)) throw fail(path, "expected an object with `rules`");
    const unknown = Object.keys(governed).find((field) => !FIELDS.has(field));
    if (unknown !== undefined) throw fail([...path, unknown], "unknown field; remove it or correct its name");
    if (governed["rules"] === undefined) throw fail(path, "has no rules; give a list, empty to leave everything as the top is");
    const lost = ["settings", "nativeIntegration", "onExists", "allowMassRemoval"].find((field) => governed[field] !== undefined);
    if (governed["connection"] === undefined && lost !== undefined) {
      throw fail([...path, lost], "belongs to a connection that is registered here; give `connection` too, or remove it");
    }
  }
  return connections as Readonly<Record<string, GovernedConnectionArgs>>;
}

function topOf(settings: { isActive?: unknown; activateNewChildren?: unknown } | undefined): unknown {
  if (settings === undefined) return undefined;
  const { isActive, activateNewChildren } = settings;
  return { isActive, activateNewChildren };
}

function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
