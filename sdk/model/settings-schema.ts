import { z } from "zod";
import type { Principal, PrincipalReference, Settings, SettingsPatch } from "./settings";

export const principalSchema: z.ZodType<Principal> = z.strictObject({ type: z.enum(["user", "group"]), id: z.int().nonnegative() });

export const principalReferenceSchema: z.ZodType<PrincipalReference> = z.union(
  [principalSchema, z.strictObject({ type: z.enum(["user", "group"]), name: z.string().min(1, "is empty") })],
  { error: 'expected {"type", "id"} or {"type", "name"}, with a type of "user" or "group"' },
);

export const settingsSchema: z.ZodType<Settings> = z.strictObject({
  isActive: z.boolean().optional(),
  activateNewChildren: z.boolean().optional(),
  dataOwners: z.array(principalSchema).optional(),
  infrastructureAdmins: z.array(principalSchema).optional(),
});

export const settingsPatchSchema: z.ZodType<SettingsPatch> = z.strictObject({
  isActive: z.boolean().nullable().optional(),
  activateNewChildren: z.boolean().nullable().optional(),
  dataOwners: z.array(principalSchema).nullable().optional(),
  infrastructureAdmins: z.array(principalSchema).nullable().optional(),
});
