import { z } from "zod";
import { LOCAL_ADMINISTRATOR, PERMISSIONS } from "./caller";
import type { ApiKeyInput, UserChange, UserInput } from "./identity";

/** Whom jobs are asked for by when it is no user: histories must not mix them up. */
const TAKEN_NAMES: ReadonlySet<string> = new Set([LOCAL_ADMINISTRATOR.name, "schedule"]);
const LONGEST_NAME = 100;
const LONGEST_LIFE_DAYS = 3_650;

const name = z
  .string()
  .min(1, "is empty; give a name")
  .max(LONGEST_NAME, `is longer than ${LONGEST_NAME} characters; shorten it`)
  .refine((text) => text.trim() === text && !/\p{C}/u.test(text), {
    message: "must neither start nor end with a space nor hold control characters; correct it",
  });

const callerName = name.refine((text) => !TAKEN_NAMES.has(text.toLowerCase()), {
  message: "stands for no user in the history of jobs; choose another name",
});

const details = {
  email: z.email("is no email address; correct it, or leave it out").nullable().optional(),
  permissions: z.array(z.enum(PERMISSIONS)).readonly().optional(),
  groups: z.array(z.string()).readonly().optional(),
};

export const userSchema: z.ZodType<UserInput> = z.strictObject({ name: callerName, ...details });
export const userChangeSchema: z.ZodType<UserChange> = z.strictObject({ name: callerName.optional(), ...details });
export const groupSchema: z.ZodType<{ name: string }> = z.strictObject({ name });
export const apiKeySchema: z.ZodType<ApiKeyInput> = z.strictObject({
  user: z.string(),
  name: name.optional(),
  expiresInDays: z
    .int("expected a whole number of days")
    .min(1, "expected at least 1 day")
    .max(LONGEST_LIFE_DAYS, `expected at most ${LONGEST_LIFE_DAYS} days`)
    .optional(),
});
