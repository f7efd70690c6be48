import { z } from "zod";

/** A user or group that owns data objects or administers a connection. `id` is the identity manager's number. */
export const principalSchema = z.strictObject({ type: z.enum(["user", "group"]), id: z.int().nonnegative() });
export type Principal = z.infer<typeof principalSchema>;

/** The settings of one object (contract: settings of a registration). Fields left out are inherited. */
export const settingsSchema = z.strictObject({
  isActive: z.boolean().optional(),
  activateNewChildren: z.boolean().optional(),
  dataOwners: z.array(principalSchema).optional(),
  infrastructureAdmins: z.array(principalSchema).optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A change of settings: a field left out stays as it is, `null` removes the override so that the object inherits. */
export const settingsPatchSchema = z.strictObject({
  isActive: z.boolean().nullable().optional(),
  activateNewChildren: z.boolean().nullable().optional(),
  dataOwners: z.array(principalSchema).nullable().optional(),
  infrastructureAdmins: z.array(principalSchema).nullable().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const SETTING_NAMES = ["isActive", "activateNewChildren", "dataOwners", "infrastructureAdmins"] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

/** What an object's settings come to: the nearest override upward; owners and admins add up. */
export interface EffectiveSettings {
  readonly isActive: boolean;
  readonly activateNewChildren: boolean;
  readonly dataOwners: readonly Principal[];
  readonly infrastructureAdmins: readonly Principal[];
}
