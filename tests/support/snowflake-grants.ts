import { PRIVILEGES } from "../../sdk/platforms/snowflake/privileges";
import type { ExpectedObject } from "../../sdk/model/diagnosis";
import { parseQualifiedName } from "../../sdk/platforms/snowflake/qualified-name";
import type { Query } from "../../sdk/platforms/snowflake/role-grants";

type Row = Readonly<Record<string, unknown>>;

const NAME = String.raw`((?:"(?:[^"]|"")+"\.?)+)`;
const GRANT = new RegExp(`^GRANT ([A-Z, ]+?)(?: ON ([A-Z ]+))? ${NAME} TO ((?:DATABASE )?ROLE) ${NAME};$`, "su");

/**
 * The part of a Snowflake account that grants touch: runs GRANT statements and answers SHOW as Snowflake documents it
 * (columns, underscores in kinds, quotes only around names that need them, USAGE where IMPORTED PRIVILEGES was granted).
 */
export class FakeGrants {
  readonly statements: string[] = [];
  readonly #rows = new Map<string, Row[]>();
  readonly #future = new Map<string, Row[]>();
  readonly #objects: readonly ExpectedObject[];
  readonly #databases: readonly Row[];

  constructor(
    readonly role: string,
    objects: readonly ExpectedObject[] = [],
    databases: Readonly<Record<string, string>> = {},
  ) {
    this.#objects = objects;
    this.#databases = Object.entries(databases).map(([name, kind]) => ({ name, kind }));
    for (const known of [role, "PUBLIC"]) this.#rows.set(`ROLE ${printed([known])}`, []);
  }

  readonly query: Query = async (sql) => {
    this.statements.push(sql);
    if (sql === 'SELECT CURRENT_ROLE() AS "role"') return [{ role: this.role }];
    if (sql === "SHOW DATABASES") return this.#databases;
    const [, future, kind, name] = /^SHOW (FUTURE )?GRANTS TO (ROLE|DATABASE ROLE) (.+)$/su.exec(sql) ?? [];
    if (kind === undefined || name === undefined) throw new Error(`SQL compilation error: ${sql}`);
    const key = `${kind} ${printed(parseQualifiedName(name) ?? [])}`;
    const rows = this.#rows.get(key);
    if (rows === undefined) throw new Error(`${key} does not exist or not authorized.`);
    return future === undefined ? rows : (this.#future.get(key) ?? []);
  };

  /** `GRANT … ON … TO ROLE …;`, `GRANT ROLE … TO ROLE …;`, `GRANT DATABASE ROLE … TO ROLE …;`. */
  run(sql: string): void {
    const [, privileges, kind, name, toKind, toName] = GRANT.exec(sql) ?? [];
    if (privileges === undefined || name === undefined || toName === undefined) throw new Error(`SQL compilation error: ${sql}`);
    const to = `${toKind} ${canonical(toName)}`;
    this.#know(to);
    if (kind === undefined) {
      this.#know(`${privileges} ${canonical(name)}`);
      this.#add(to, "USAGE", privileges, canonical(name));
      return;
    }
    for (const privilege of privileges.split(", ")) this.#grant(to, privilege, kind, canonical(name));
  }

  #grant(to: string, privilege: string, kind: string, name: string): void {
    const [, scope, plural] = /^(ALL|FUTURE) ([A-Z ]+) IN (?:DATABASE|SCHEMA)$/.exec(kind) ?? [];
    if (plural === undefined) {
      const shown = kind === "DATABASE" && name === "SNOWFLAKE" ? "APPLICATION" : kind;
      this.#add(to, privilege === "IMPORTED PRIVILEGES" ? "USAGE" : privilege, shown, name);
    } else if (scope === "FUTURE") {
      const on = underscored(singular(plural));
      const rows = this.#future.get(to) ?? [];
      rows.push({ privilege, grant_on: on, name: `${name}.<${on}>`, grant_to: "ROLE" });
      this.#future.set(to, rows);
    } else {
      const within = parseQualifiedName(name) ?? [];
      const type = singular(plural);
      for (const { objectPath, objectType } of this.#objects) {
        const names = objectPath.slice(1);
        const matches = names.length === 3 && objectType.toUpperCase() === type && within.every((part, index) => names[index] === part);
        if (matches) this.#add(to, privilege, type, printed(names));
      }
    }
  }

  #know(role: string): void {
    if (!this.#rows.has(role)) this.#rows.set(role, []);
  }

  #add(to: string, privilege: string, kind: string, name: string): void {
    const row = { created_on: new Date(0), privilege, granted_on: underscored(kind), name, granted_to: "ROLE", grant_option: "false" };
    this.#know(to);
    this.#rows.get(to)?.push(row);
  }
}

function canonical(name: string): string {
  const names = parseQualifiedName(name);
  if (names === undefined) throw new Error(`not a name: ${name}`);
  return printed(names);
}

/** As Snowflake prints names: quotes only where they are needed. */
export function printed(names: readonly string[]): string {
  return names.map((name) => (/^[A-Z_][A-Z0-9_$]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`)).join(".");
}

function underscored(kind: string): string {
  return kind.replaceAll(" ", "_");
}

function singular(plural: string): string {
  if (plural === "SCHEMAS") return "SCHEMA";
  const entry = PRIVILEGES.find((candidate) => candidate.plural === plural);
  if (entry === undefined) throw new Error(`SQL compilation error: unknown type ${plural}`);
  return entry.singular;
}
