// No schemas here: these types are public, and the types of a schema library ask more of a program's compiler than we do.

/** A user or group that owns data objects or administers a connection. `id` is the identity manager's number. */
export interface Principal {
  type: "user" | "group";
  id: number;
}

/** The settings of one object (contract: settings of a registration). Fields left out are inherited. */
export interface Settings {
  isActive?: boolean | undefined;
  activateNewChildren?: boolean | undefined;
  dataOwners?: Principal[] | undefined;
  infrastructureAdmins?: Principal[] | undefined;
}

/** A change of settings: a field left out stays as it is, `null` removes the override so that the object inherits. */
export interface SettingsPatch {
  isActive?: boolean | null | undefined;
  activateNewChildren?: boolean | null | undefined;
  dataOwners?: Principal[] | null | undefined;
  infrastructureAdmins?: Principal[] | null | undefined;
}

export const SETTING_NAMES = ["isActive", "activateNewChildren", "dataOwners", "infrastructureAdmins"] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

/** What an object's settings come to: the nearest override upward; owners and admins add up. */
export interface EffectiveSettings {
  readonly isActive: boolean;
  readonly activateNewChildren: boolean;
  readonly dataOwners: readonly Principal[];
  readonly infrastructureAdmins: readonly Principal[];
}

/** Who last set a setting of an object, or took it back to inherit, and when (ISO-8601 UTC). */
export interface SettingChange {
  readonly at: string;
  readonly by: string;
}
