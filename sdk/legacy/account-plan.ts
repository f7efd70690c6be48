import { BadRequestError } from "../model/errors";
import { generatedName, legacyName } from "../model/legacy/names";
import type { LegacyOrigin, LegacyRegistration } from "../model/legacy/registration";
import { problemsOf } from "../model/validate";
import type { AccountAddress, Convertible } from "./account";
import type { AuthenticationFields } from "./authentication";
import type { Decisions } from "./decisions";
import { Logins } from "./logins";
import { getOrAdd, ObjectTree, type RegisteredTable } from "./object-tree";
import { Owners } from "./owners";
import type { ConversionWarning, PlannedOverride, PlannedOwners, StreamedConnection } from "./plan";
import type { Spool } from "./spool";
import { SpooledRecords } from "./spooled-records";

/** Answers may complete each other's fields: a type of login asks for its own. */
const ROUNDS = 4;

const RENAMED = "names are made of the path; scripts that use the old one have to change";

/** What the registrations of one platform account add up to. Holds no secrets. */
export class AccountPlan {
  readonly #tree: ObjectTree;
  readonly #owners: Owners;
  readonly #logins = new Logins();
  /** For each field of the address: its spellings, by what they mean, and where each stands first. */
  readonly #variants = new Map<string, Map<string, { readonly value: string; readonly origin: LegacyOrigin }>>();
  #withoutRole = 0;
  #firstWithoutRole: LegacyOrigin | undefined;
  #registrations = 0;
  #port: number | undefined;

  constructor(
    readonly identity: string,
    readonly convertible: Convertible,
    readonly warn: (warning: ConversionWarning) => void,
    readonly spool: Spool | undefined,
  ) {
    this.#tree = new ObjectTree(spool);
    this.#owners = new Owners(spool);
  }

  add(registration: LegacyRegistration, address: AccountAddress, authentication: AuthenticationFields): void {
    const { origin } = registration;
    this.#registrations++;
    this.#port ??= address.port;
    for (const field of this.convertible.fields) {
      const value = address[field];
      if (value !== undefined) getOrAdd(this.#variantsOf(field), meaningOf(field, value), () => ({ value, origin }));
    }
    this.#logins.add(authentication, origin);
    for (const path of registration.monitored) this.#tree.addWhole(path);
    for (const table of registration.tables) {
      const { database, schema, table: tableName } = table;
      this.#tree.addTable({ database, schema, table: tableName, name: legacyName(registration, table), origin });
    }
    for (const { path, owners, widened } of registration.owners) {
      this.#owners.add(path, owners);
      if (widened)
        this.#warn(origin, "owners", "own more than before: everything in the narrowest object around what was registered", path);
    }
    for (const one of registration.dropped) this.#warn(one.origin, one.field, one.reason, one.oldValue);
    if (this.convertible.fields.includes("role") && address.role === undefined) {
      this.#withoutRole++;
      this.#firstWithoutRole ??= origin;
    }
  }

  /** The account's name, as the start of a connection key. */
  shortName(): string {
    const [first = ""] = [...this.#variantsOf("hostname").keys()].sort();
    return this.convertible.shortName(first);
  }

  /** Once: it warns of what it finds. */
  plan(connectionKey: string, decisions: Decisions): StreamedConnection {
    const first = this.#firstWithoutRole;
    if (first !== undefined && this.#variantsOf("role").size > 0) {
      const message = `${this.#withoutRole} registrations name no role and use the user's own; the connection's role has to see their tables`;
      this.#warn(first, "role", message);
    }
    return {
      connectionKey,
      connection: this.#connection(decisions),
      overrides: this.#overrides(connectionKey),
      owners: this.#plannedOwners(connectionKey),
      registrations: this.#registrations,
    };
  }

  #overrides(connectionKey: string): SpooledRecords<PlannedOverride> {
    const overrides = new SpooledRecords<PlannedOverride>(this.spool);
    const visitor = {
      first: (table: RegisteredTable) => {
        const newName = generatedName(connectionKey, table);
        if (table.name !== newName) this.#warn(table.origin, "name", RENAMED, table.name, newName);
      },
      again: ({ database, schema, table, name, origin }: RegisteredTable, before: RegisteredTable) => {
        const where = `${before.origin.file}:${before.origin.line}`;
        const path = [database, schema, table].join(".");
        this.#warn(origin, "table", `${path} is registered by ${where} too; it becomes one data source`, name);
      },
    };
    for (const override of this.#tree.overrides(connectionKey, visitor)) overrides.add(override);
    return overrides;
  }

  #plannedOwners(connectionKey: string): SpooledRecords<PlannedOwners> {
    const owners = new SpooledRecords<PlannedOwners>(this.spool);
    for (const one of this.#owners.planned(connectionKey)) owners.add(one);
    return owners;
  }

  #warn(origin: LegacyOrigin, field: string, message: string, oldValue?: unknown, newValue?: unknown): void {
    const { file, line } = origin;
    // Each with the same members in the same order: thousands of objects share a shape then.
    this.warn({ file, line, field, message, oldValue, newValue });
  }

  #connection(decisions: Decisions): Readonly<Record<string, unknown>> {
    const { platform, fields } = this.convertible;
    const address = fields.map((field) => [field, this.#one(field, decisions)] as const);
    const login = this.#login(decisions);
    const known = withoutUndefined({ technology: platform.technology, ...Object.fromEntries(address), port: this.#port, ...login?.fields });
    return login === undefined ? known : this.#completed(known, decisions);
  }

  /** The one value of a field that all registrations share, else the chosen one. */
  #one(field: string, decisions: Decisions): string | undefined {
    const variants = [...this.#variantsOf(field).values()];
    if (variants.length <= 1) return variants[0]?.value;
    const options = variants.map(({ value }) => value).sort();
    const question = `The registrations of the account name ${variants.length} of it; a connection has one. Which?`;
    return decisions.ask(
      this.#id(`connection.${field}`),
      question,
      options,
      variants.map(({ origin }) => origin),
    );
  }

  #login(decisions: Decisions): { fields: AuthenticationFields } | undefined {
    const logins = this.#logins.labelled();
    const labels = [...logins.keys()];
    if (labels.length <= 1) return logins.get(labels[0]!);
    const question = `The registrations of the account log in in ${labels.length} ways; a connection has one, which has to see everything. Which?`;
    const answer = decisions.ask(
      this.#id("login"),
      question,
      labels,
      [...logins.values()].map(({ origin }) => origin),
    );
    return answer === undefined ? undefined : logins.get(answer);
  }

  /** Asks for every field that the platform needs and no registration has. */
  #completed(known: Readonly<Record<string, unknown>>, decisions: Decisions): Readonly<Record<string, unknown>> {
    const connection = structuredClone(known) as Record<string, unknown>;
    const open: (readonly PropertyKey[])[] = [];
    const filled = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const { path, field, reason } of problemsOf(this.convertible.platform.connectionSchema, connection, ["connection"])) {
        const id = this.#id(field);
        const given = memberAt({ connection }, path);
        if (filled.has(id)) {
          if (open.some((one) => one.join() === path.join())) continue;
          throw new BadRequestError(`decisions: ${id}: ${reason}`, { field: id });
        }
        filled.add(id);
        const missing =
          given === undefined ? "No registration of the account says it" : `${JSON.stringify(given)} is not usable: ${reason}`;
        const answer = decisions.ask(id, `${missing}; a connection needs it.`, [], this.#origins());
        if (answer === undefined) open.push(path);
        setMember({ connection }, path, answer ?? "?");
      }
    }
    for (const path of open) setMember({ connection }, path, undefined);
    return withoutUndefined(connection);
  }

  /** Where the account is named first. */
  #origins(): LegacyOrigin[] {
    return [...this.#variantsOf("hostname").values()].map(({ origin }) => origin);
  }

  #id(what: string): string {
    return `${what} of ${this.identity}`;
  }

  #variantsOf(field: string): Map<string, { readonly value: string; readonly origin: LegacyOrigin }> {
    return getOrAdd(this.#variants, field, () => new Map<string, { value: string; origin: LegacyOrigin }>());
  }
}

/** Snowflake's names mean the same in any letter case, unless they stand in quotes. */
function meaningOf(field: string, value: string): string {
  return (field === "role" || field === "warehouse") && !value.startsWith('"') ? value.toUpperCase() : value;
}

function memberAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<PropertyKey, unknown> | undefined)?.[name], value);
}

function setMember(value: unknown, path: readonly PropertyKey[], member: unknown): void {
  const parent = memberAt(value, path.slice(0, -1));
  if (typeof parent === "object" && parent !== null) (parent as Record<PropertyKey, unknown>)[path.at(-1)!] = member;
}

function withoutUndefined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
