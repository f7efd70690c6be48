import { z } from "zod";
import { JOB_STATES, JOB_TYPES } from "./job";

const day = z.iso.date("expected a date or time in ISO-8601, such as 2026-01-31 or 2026-01-31T12:00:00Z");
const time = z.iso.datetime({ offset: true });
/** A date, or a date with a time and its zone. */
export const moment = z
  .string()
  .refine((text) => day.safeParse(text).success || time.safeParse(text).success, {
    message: "expected a date or time in ISO-8601, such as 2026-01-31 or 2026-01-31T12:00:00Z",
  })
  .meta({ anyOf: [{ format: "date" }, { format: "date-time" }] });

export const jobFilterSchema = z.strictObject({
  jobType: z.enum(JOB_TYPES).optional(),
  state: z.enum(JOB_STATES).optional(),
  startDate: moment.optional(),
  endDate: moment.optional(),
  objectPath: z.array(z.string()).readonly().optional(),
});

export const jobSearchSchema = jobFilterSchema.extend({
  offset: z.int().nonnegative("expected a whole number from 0 up").default(0),
  size: z.int().min(1, "expected 1 to 1,000").max(1_000, "expected 1 to 1,000").default(25),
});

export const jobStatusQuerySchema = z.strictObject({
  jobIds: z.array(z.string().min(1, "is empty")).min(1, "names no job").max(1_000, "names more than 1,000 jobs").readonly(),
  wait: z.number().min(-1, "expected seconds, or -1 to wait for ever").default(0),
  pollInterval: z.number().min(1, "expected at least 1 second").default(1),
});
