import { PERMISSIONS, type Caller, type Permission } from "../../model/caller";

/** Everything that rights can come from: a permission of the caller, or a role on an object or above it. */
export const PERSONAS = [...PERMISSIONS, "infrastructureAdmin", "dataOwner"] as const;
export type Persona = Permission | "infrastructureAdmin" | "dataOwner";

export interface Rule {
  readonly what: string;
  readonly allowed: readonly Persona[];
  /** All of them are needed, not any. */
  readonly together?: true;
}

const READERS: readonly Persona[] = PERSONAS;

/**
 * Who may do what (contract: permissions and personas). Where the contract names several generations of rules, whoever one of
 * them allows is allowed here. A role counts on the object itself and on everything beneath it.
 */
export const PERMISSION_TABLE = {
  testConnection: { what: "test credentials without registering", allowed: ["APPLICATION_ADMIN", "CREATE_DATA_SOURCE"] },
  registerConnection: { what: "register a connection, and write its setup script", allowed: ["APPLICATION_ADMIN", "CREATE_DATA_SOURCE"] },
  readConnection: { what: "read a connection's information, without its secrets", allowed: READERS },
  updateConnection: {
    what: "replace a connection's information and credentials",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin"],
  },
  deregisterConnection: {
    what: "deregister a connection",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE", "infrastructureAdmin", "dataOwner"],
  },
  createCleanupScript: { what: "write the script that takes back what a connection needed", allowed: ["APPLICATION_ADMIN"] },
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
  readUpgrades: { what: "see which accounts can be upgraded, and how far upgrades are", allowed: ["APPLICATION_ADMIN", "GOVERNANCE"] },
  upgrade: {
    what: "plan and run the upgrade of an account's data sources to a connection",
    allowed: ["APPLICATION_ADMIN", "GOVERNANCE"],
    together: true,
  },
  readLegacy: { what: "list data sources and integrations by the former API", allowed: PERMISSIONS },
  changeLegacy: {
    what: "register, change and delete data sources by the former API",
    allowed: ["CREATE_DATA_SOURCE", "GOVERNANCE"],
  },
  configureIntegration: { what: "create and delete integrations by the former API", allowed: ["APPLICATION_ADMIN"] },
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

/** What a caller is told that lacks the right. */
export function refusal({ name }: Caller, operation: Operation): string {
  const { what, allowed, together }: Rule = PERMISSION_TABLE[operation];
  const who = allowed.map(personaName).join(together ? " and " : ", ");
  return `${name} may not ${what}; that takes ${who}. Ask an administrator for ${together ? "them" : "one of them"}`;
}

export function isAllowed(operation: Operation, personas: ReadonlySet<Persona>): boolean {
  const { allowed, together }: Rule = PERMISSION_TABLE[operation];
  return together ? allowed.every((persona) => personas.has(persona)) : allowed.some((persona) => personas.has(persona));
}

/** The table as Markdown, a row an operation. */
export function permissionsMarkdown(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rules: [string, Rule][] = Object.entries(PERMISSION_TABLE);
  return [
    row(["operation", "", ...PERSONAS.map(personaName)]),
    row(["---", "---", ...PERSONAS.map(() => ":-:")]),
    ...rules.map(([operation, { what, allowed, together }]) =>
      row([
        `\`${operation}\``,
        what,
        ...PERSONAS.map((persona) => (allowed.includes(persona) ? (together ? "with the other" : "yes") : "")),
      ]),
    ),
  ].join("\n");
}
