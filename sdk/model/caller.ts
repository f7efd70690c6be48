import type { Person } from "./registration";
import type { Principal } from "./settings";

/** Permissions that a caller holds as such (contract: permissions and personas). */
export const PERMISSIONS = ["APPLICATION_ADMIN", "CREATE_DATA_SOURCE", "GOVERNANCE"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Who calls the engine. In process, without one, it is the local administrator, who may do everything. */
export interface Caller {
  /** For job history and errors. */
  readonly name: string;
  readonly email?: string | null;
  readonly permissions: readonly Permission[];
  /** The caller's user, and the groups it is a member of. */
  readonly principals: readonly Principal[];
  /** It is a Pulumi program, and what it sets is declared there. */
  readonly isProgram?: boolean;
}

/** The caller in process. */
export const LOCAL_ADMINISTRATOR: Person = { id: 0, name: "local administrator", email: null };
