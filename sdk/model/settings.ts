// No schemas here: these types are public, and the types of a schema library ask more of a program's compiler than we do.

/** A user or group that owns data objects or administers a connection. `id` is the identity manager's number. */
export interface Principal {
  type: "user" | "group";
  id: number;
}

/** A user or group by its name here, which is taken as it is written, upper and lower case apart. */
export interface PrincipalName {
  type: "user" | "group";
  name: string;
}

/** A user or group by its number or by its name. */
export type PrincipalReference = Principal | PrincipalName;

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

/** Settings whose value is a list of users and groups, in which the order means nothing. */
export const PRINCIPAL_SETTINGS = ["dataOwners", "infrastructureAdmins"] as const satisfies readonly SettingName[];

/** What a setting may be set to; users and groups perhaps by name. */
export type SettingValue = boolean | readonly PrincipalReference[];

/** Whether two values of one setting mean the same. A user by number is none by name: nothing is looked up. */
export function sameSetting(a: SettingValue | null | undefined, b: SettingValue | null | undefined): boolean {
  if (!isPrincipals(a) || !isPrincipals(b)) return (a ?? undefined) === (b ?? undefined);
  const [of, others] = [new Set(a.map(principalKey)), new Set(b.map(principalKey))];
  return of.size === others.size && [...of].every((one) => others.has(one));
}

export function isPrincipals(value: SettingValue | null | undefined): value is readonly PrincipalReference[] {
  return Array.isArray(value);
}

/** Tells users and groups apart, and sorts them. */
export function principalKey(one: PrincipalReference): string {
  return "id" in one ? `${one.type} ${one.id}` : `${one.type} "${one.name}`;
}

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
