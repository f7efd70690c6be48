import { PERMISSIONS, type Permission } from "../../model/caller";

/** Everything that rights can come from: a permission of the caller, or a role on an object or above it. */
export const PERSONAS = [...PERMISSIONS, "infrastructureAdmin", "dataOwner"] as const;
export type Persona = Permission | "infrastructureAdmin" | "dataOwner";

export interface Rule {
  readonly what: string;
  readonly allowed: readonly Persona[];
}

const READERS: readonly Persona[] = PERSONAS;

/**
 * Who may do what (contract: permissions and personas). Where the contract names several generations of rules, whoever one of
 * them allows is allowed here. A role counts on the object itself and on everything beneath it.
 */
export const PERMISSION_TABLE = {
  testConnection: { what: "test credentials without registering", allowed: ["APPLICATION_ADMIN", "CREATE_DATA_SOURCE"] },
  registerConnection: { what: "register a connection", allowed: ["APPLICATION_ADMIN", "CREATE_DATA_SOURCE"] },
  readConnection: { what: "read a connection's information, without its secrets", allowed: READERS },
  updateConnection: {
    what: "replace a connection's information and credentials",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin"],
  },
  deregisterConnection: {
    what: "deregister a connection",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin", "dataOwner"],
  },
  readObjects: { what: "read, search and count objects, data sources and overrides; tags and lineage", allowed: READERS },
  readAudit: {
    what: "read who ran which statements",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin", "dataOwner"],
  },
  updateSettings: {
    what: "set active, activate new data objects, and data owners",
    allowed: ["GOVERNANCE", "infrastructureAdmin", "dataOwner"],
  },
  // A data owner who could name admins could make itself one.
  setInfrastructureAdmins: { what: "set infrastructure admins", allowed: ["GOVERNANCE", "infrastructureAdmin"] },
  deleteObject: {
    what: "delete a database, schema or table from the hierarchy",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin", "dataOwner"],
  },
  crawl: {
    what: "run an object sync, or plan one",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin", "dataOwner"],
  },
  diagnose: {
    what: "look for missing grants on the platform",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin", "dataOwner"],
  },
  readJobs: { what: "read jobs and their history", allowed: READERS },
} as const satisfies Readonly<Record<string, Rule>>;

export type Operation = keyof typeof PERMISSION_TABLE;

const NAMES: Readonly<Record<Persona, string>> = {
  APPLICATION_ADMIN: "APPLICATION_ADMIN",
  CREATE_DATA_SOURCE: "CREATE_DATA_SOURCE",
  GOVERNANCE: "GOVERNANCE",
  infrastructureAdmin: "infrastructure admin",
  dataOwner: "data owner",
};

export function personaName(persona: Persona): string {
  return NAMES[persona];
}

export function isAllowed(operation: Operation, personas: ReadonlySet<Persona>): boolean {
  const { allowed }: Rule = PERMISSION_TABLE[operation];
  return allowed.some((persona) => personas.has(persona));
}

/** The table as Markdown, a row an operation. */
export function permissionsMarkdown(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rules: [string, Rule][] = Object.entries(PERMISSION_TABLE);
  return [
    row(["operation", "", ...PERSONAS.map(personaName)]),
    row(["---", "---", ...PERSONAS.map(() => ":-:")]),
    ...rules.map(([operation, { what, allowed }]) =>
      row([`\`${operation}\``, what, ...PERSONAS.map((persona) => (allowed.includes(persona) ? "yes" : ""))]),
    ),
  ].join("\n");
}
