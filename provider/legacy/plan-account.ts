import { authenticationOf, type AuthenticationFields } from "../../sdk/legacy/authentication";
import type { ConversionPlan, Decision, PlannedConnection } from "../../sdk/legacy/plan";
import { ConversionPlanner } from "../../sdk/legacy/planner";
import { messageOf } from "../../sdk/model/errors";
import { formatObjectPath } from "../../sdk/model/object-path";
import type { ConnectionDetails } from "../../sdk/model/registration";
import { REDACTED, secretPaths, withRedactedSecrets } from "../../sdk/model/secret-fields";
import { runError } from "../run-error";
import type { LegacyAccountDeclarations } from "./accounts";
import type { ReadDeclaration } from "./read-declaration";

/** What the declarations of one account add up to. Values may be stand-ins of outputs. */
export interface PlannedAccount {
  readonly connectionKey: string;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly statuses: Readonly<Record<string, true>>;
  readonly activateNewChildren: Readonly<Record<string, true>>;
  /** What changes or has no home on a connection, a line each. */
  readonly notes: readonly string[];
  /** Owners by object path: settings take numbers, which registrations do not hold. */
  readonly owners: readonly string[];
}

/** Fields of a connection that say where it is; the others log in. */
const ADDRESS_FIELDS = new Set(["technology", "hostname", "port", "warehouse", "httpPath", "role"]);

/** @throws pulumi.RunError naming every declaration that is in conflict with another, or leaves something open. */
export function planAccount(
  { identity, declarations }: LegacyAccountDeclarations,
  connected: ConnectionDetails | undefined,
): PlannedAccount {
  const given = merged(declarations, "connection", ({ given: one }) => one);
  const plan = planOf(declarations);
  const [planned, ...others] = plan.connections;
  refuseOpen(plan.decisions.filter(({ id }) => !isGiven(id, identity, given)));
  const [kept] = plan.kept;
  if (kept !== undefined) throw runError(`${kept.file}: ${kept.reason}; take it out of the program, or keep registering it the old way`);
  if (planned === undefined || others.length > 0) throw runError(`${ownersOf(declarations)}: do not make up one account`);
  const connectionKey = keyOf(declarations, connected) ?? planned.connectionKey;
  const connection = connectionOf(planned, declarations, given);
  const settings = (name: "isActive" | "activateNewChildren") =>
    Object.fromEntries(
      planned.overrides.flatMap(({ objectPath, [name]: value }) =>
        value === true ? [[formatObjectPath([connectionKey, ...objectPath.slice(1)]), value] as const] : [],
      ),
    );
  return {
    connectionKey,
    connection,
    statuses: settings("isActive"),
    activateNewChildren: settings("activateNewChildren"),
    notes: [...plan.warnings].map(({ file, field, oldValue, message }) => {
      const value = oldValue === undefined ? "" : ` ${typeof oldValue === "string" ? oldValue : JSON.stringify(oldValue)}`;
      return `${file}: ${field}${value}: ${message}`;
    }),
    owners: planned.owners.map(({ objectPath, dataOwners }) => {
      const names = dataOwners.map(({ type, name, id }) => `${type} ${name ?? `of profile ${id}`}`);
      return `${formatObjectPath([connectionKey, ...objectPath.slice(1)])}: ${names.join(", ")}`;
    }),
  };
}

function planOf(declarations: readonly ReadDeclaration[]): ConversionPlan {
  const answers = merged(declarations, "decisions", ({ args }) => args.decisions ?? {}) as Readonly<Record<string, string>>;
  try {
    const planner = new ConversionPlanner(new Map(Object.entries(answers)));
    // Their files are the declarations, so that what is said of places names those.
    for (const { owner, registrations } of declarations) {
      for (const one of registrations) planner.add({ ...one, origin: { ...one.origin, file: owner } });
    }
    return planner.plan();
  } catch (error) {
    throw runError(`${ownersOf(declarations)}: ${messageOf(error)}`);
  }
}

function refuseOpen(open: readonly Decision[]): void {
  if (open.length === 0) return;
  const lines = open.map(({ id, question, options, origins }) => {
    const choice = options.length === 0 ? "" : ` (${options.join(" | ")})`;
    return `${[...new Set(origins.map(({ file }) => file))].join(" and ")}: ${id}: ${question}${choice}`;
  });
  throw runError([...lines, "Make them agree, give the field in `connection`, or answer by its id in `decisions`"].join("\n"));
}

/** A decision that the fields of `connection` make. */
function isGiven(id: string, identity: string, given: Readonly<Record<string, unknown>>): boolean {
  const [what] = id.split(` of ${identity}`);
  const isLogin = given["authenticationType"] !== undefined;
  if (what === "login") return isLogin;
  const field = /^connection\.([^.]+)/.exec(what!)?.[1];
  return field !== undefined && (given[field] !== undefined || (isLogin && !ADDRESS_FIELDS.has(field)));
}

/** The key that the account has, or is to have. */
function keyOf(declarations: readonly ReadDeclaration[], connected: ConnectionDetails | undefined): string | undefined {
  const keys = merged(declarations, "connectionKey", ({ args }) => (args.connectionKey === undefined ? {} : { "": args.connectionKey }));
  const wanted = keys[""] as string | undefined;
  if (connected === undefined || wanted === undefined || wanted === connected.connectionKey) return connected?.connectionKey ?? wanted;
  const owner = declarations.find(({ args }) => args.connectionKey !== undefined)!.owner;
  throw runError(`${owner}: connectionKey: its account is connection "${connected.connectionKey}" already; give that key, or none`);
}

/** What several declarations say together. @throws pulumi.RunError naming two that say different things. */
function merged(
  declarations: readonly ReadDeclaration[],
  what: string,
  valuesOf: (declaration: ReadDeclaration) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const found = new Map<string, { readonly value: unknown; readonly owner: string }>();
  for (const declaration of declarations) {
    for (const [name, value] of Object.entries(valuesOf(declaration))) {
      const before = found.get(name);
      if (before !== undefined && JSON.stringify(before.value) !== JSON.stringify(value)) {
        const field = name === "" ? what : `${what}.${name}`;
        throw runError(`${before.owner} and ${declaration.owner}: ${field}: say different things of one account; make them agree`);
      }
      found.set(name, { value, owner: declaration.owner });
    }
  }
  return Object.fromEntries([...found].map(([name, { value }]) => [name, value]));
}

/** With the secrets of the registration whose login was chosen. */
function connectionOf(
  { connection: planned }: PlannedConnection,
  declarations: readonly ReadDeclaration[],
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (given["authenticationType"] !== undefined) {
    return { ...Object.fromEntries(Object.entries(planned).filter(([name]) => ADDRESS_FIELDS.has(name))), ...given };
  }
  const logins = declarations.flatMap(({ registrations }) => registrations.map(authenticationOf)).filter((one) => one !== undefined);
  const isChosen = (login: AuthenticationFields) =>
    Object.entries(withRedactedSecrets(login)).every(([name, value]) => withoutFileName(value) === withoutFileName(planned[name]));
  const chosen = logins.filter(isChosen);
  // A registration that does not hold the secret may stand beside one that does.
  const login = chosen.find((one) => !JSON.stringify(one).includes(JSON.stringify(REDACTED))) ?? chosen[0];
  const connection = { ...planned, ...login, ...given };
  const [missing] = secretPaths(connection).filter((path) => memberAt(connection, path) === REDACTED);
  if (missing === undefined) return connection;
  throw runError(`${ownersOf(declarations)}: connection.${missing.join(".")}: no registration holds it; give the login in \`connection\``);
}

function withoutFileName(value: unknown): string {
  return JSON.stringify(value, (name, member: unknown) => (name === "userFilename" ? undefined : member));
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], value);
}

function ownersOf(declarations: readonly ReadDeclaration[]): string {
  return declarations.map(({ owner }) => owner).join(" and ");
}
