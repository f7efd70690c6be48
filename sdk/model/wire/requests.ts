import { z } from "zod";
import { jobFilterSchema, jobSearchSchema, jobStatusQuerySchema, moment } from "../job-schema";
import { OBJECT_TYPES } from "../data-object";
import { BULK_CHANGES } from "../legacy-api";
import { SORT_FIELDS } from "../connections-api";
import { setupSchema } from "../registration-schema";
import { principalReferenceSchema, settingsPatchSchema } from "../settings-schema";
import { acknowledgeSchema } from "../upgrade-schema";

// What callers of the HTTP API send. Shapes that the contract does not show in full (search, crawl, settings) are here and in
// responses.ts only, so that they can follow a server that shows otherwise.

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const size = z.coerce
  .number("expected a whole number")
  .int("expected a whole number")
  .min(1, "expected 1 to 1,000")
  .max(1_000, "expected 1 to 1,000");
const offset = z.int("expected a whole number").nonnegative("expected a whole number from 0 up");

/** POST `/data/object/search/{objectPath}` (contract: search; body inferred). */
export const searchBody = z.strictObject({
  offset: offset.optional(),
  size: z.int("expected a whole number").min(1, "expected 1 to 1,000").max(1_000, "expected 1 to 1,000").optional(),
  sortField: z.enum(SORT_FIELDS).optional(),
  sortOrder: z.enum(["asc", "desc"]).optional(),
  searchText: z.string().optional(),
});

/** POST `/data/crawl/{objectPath}` (contract: crawl; body inferred). `allowMassRemoval` and `limit` are ours. */
export const crawlBody = z.strictObject({
  forceRecursive: z.boolean().optional(),
  allowMassRemoval: z.boolean().optional(),
  limit: z.int("expected a whole number").nonnegative("expected a whole number from 0 up").optional(),
});

/** With `dryRun=true` the answer is the sync plan, and nothing is written. */
export const crawlQuery = z.strictObject({ dryRun: flag.optional() });

/** PUT `/data/settings/{objectPath}` (contract: settings; null inherits). */
export const settingsBody = z.strictObject({ settings: settingsPatchSchema });

/** How many objects one PUT `/data/settings` takes. */
export const MOST_SETTINGS = 1_000;

/** PUT `/data/settings` (ours): many objects at once, their paths as arrays. */
export const manySettingsBody = z.strictObject({
  updates: z
    .array(z.strictObject({ objectPath: z.array(z.string()), settings: settingsPatchSchema }))
    .max(MOST_SETTINGS, "more than 1,000; send them in parts"),
});

/** With `dryRun=true` nothing is written. */
export const manySettingsQuery = z.strictObject({ dryRun: flag.optional() });

/** GET `/data/objects/{objectPath}` (ours). */
export const objectsQuery = z.strictObject({
  after: z.string().optional(),
  size: z.coerce
    .number("expected a whole number")
    .int("expected a whole number")
    .min(1, "expected 1 to 10,000")
    .max(10_000, "expected 1 to 10,000")
    .optional(),
  state: z.enum(["active", "inactive"]).optional(),
  objectType: z.enum(OBJECT_TYPES).optional(),
});

/** With `changes=true` each with who changed it last, and objects that somebody set back to inherit. */
export const overridesQuery = z.strictObject({ changes: flag.optional() });

export const objectQuery = z.strictObject({ columns: flag.optional() });

/** Lists that go on behind a cursor. */
export const partQuery = z.strictObject({ after: z.string().optional(), size: size.optional() });

export const lineageQuery = partQuery.extend({ direction: z.enum(["upstream", "downstream"]).optional() });
export const auditQuery = partQuery.extend({ startDate: moment.optional(), endDate: moment.optional() });

/** One of the two; `connectionString` is the former form (contract: jobs). */
export const bulkQuery = z.strictObject({
  bulkId: z.string().min(1, "is empty").optional(),
  connectionString: z.string().min(1, "is empty").optional(),
});

/** An object path in a query is in its text form. */
const objectPath = z.string().min(1, "is empty").optional();

export const jobFilterQuery = jobFilterSchema.extend({ objectPath });
export const jobSearchQuery = jobSearchSchema.extend({
  objectPath,
  offset: z.coerce
    .number("expected a whole number")
    .int("expected a whole number")
    .nonnegative("expected a whole number from 0 up")
    .optional(),
  size: size.optional(),
});
export const jobStatusesBody = jobStatusQuerySchema;

/** POST `/upgrade` and `/upgrade/plan` (ours). The engine checks the registration itself: its shape depends on the technology. */
export const upgradeBody = z.looseObject({
  connectionKey: z.string(),
  connection: z.looseObject({ technology: z.string() }),
  acknowledge: acknowledgeSchema.optional(),
});
export const upgradePlanQuery = z.strictObject({
  limit: z.coerce
    .number("expected a whole number")
    .int("expected a whole number")
    .min(0, "expected 0 to 10,000")
    .max(10_000, "expected 0 to 10,000")
    .optional(),
});
const ids = z.array(z.int("expected the id of a data source").positive("expected the id of a data source")).max(100_000, "names too many");
export const rerunBody = z.strictObject({ discard: ids.optional() });
export const upgradeSourceQuery = partQuery.extend({ state: z.enum(["remaining", "upgraded"]).optional() });

const id = z.coerce
  .number("expected the id of a data source")
  .int("expected the id of a data source")
  .positive("expected the id of a data source");
export const technologyParams = z.looseObject({ technology: z.string().min(1, "is empty") });
export const handlerParams = technologyParams.extend({ handlerId: id });
export const dataSourceParams = z.looseObject({ dataSourceId: id });
export const dataSourceNameParams = z.looseObject({ dataSourceName: z.string().min(1, "is empty") });
export const bulkParams = z.looseObject({ type: z.enum(BULK_CHANGES) });
export const integrationParams = z.looseObject({ id });

/** V1 and V2 payloads (contract: legacy payloads) are checked field by field where they are read. */
export const legacyPayload = z.record(z.string(), z.unknown());
export const dryRunQuery = z.strictObject({
  dryRun: flag.optional(),
  /** Seconds; the answer comes when all is done, whatever it says. */
  wait: z.coerce.number("expected seconds").optional(),
});
export const dataSourceBody = z.strictObject({ disabled: z.boolean() });
export const bulkBody = z.strictObject({ ids: ids.min(1, "names no data source") });
export const detectionBody = z.strictObject({
  dataSourceIds: ids.optional(),
  hostname: z.string().min(1, "is empty").optional(),
  port: z.int().min(0).max(65_535).optional(),
  database: z.string().min(1, "is empty").optional(),
  table: z.string().min(1, "is empty").optional(),
});
export const dataSourceQuery = z.strictObject({
  offset: z.coerce
    .number("expected a whole number")
    .int("expected a whole number")
    .nonnegative("expected a whole number from 0 up")
    .optional(),
  size: size.optional(),
  sortField: z.enum(["id", "name"]).optional(),
  sortOrder: z.enum(["asc", "desc"]).optional(),
  searchText: z.string().optional(),
});
export const integrationBody = z.strictObject({
  type: z.string().min(1, "is empty"),
  autoBootstrap: z.boolean().optional(),
  isEnabled: z.boolean().optional(),
  config: z.record(z.string(), z.unknown()),
});
/** POST `/integrations/scripts/create`; the engine checks `config`, which depends on the technology. */
export const setupScriptBody = setupSchema;
/** Of POST `/integrations/{id}/scripts/delete`. */
export const cleanupScriptParams = z.looseObject({
  id: z.coerce
    .number("expected the id of an integration")
    .int("expected the id of an integration")
    .positive("expected the id of an integration"),
});
/** POST `/data/find/{objectPath}` (ours). A part may be empty and still go on: each call looks at a bounded number of objects. */
export const findBody = z.strictObject({
  searchText: z.string().optional(),
  state: z.enum(["active", "inactive"]).optional(),
  objectTypes: z.array(z.enum(OBJECT_TYPES)).min(1, "names no type").optional(),
  tag: z.string().min(1, "is empty").optional(),
  isMissing: z.boolean().optional(),
  isSetHere: z.boolean().optional(),
  after: z.string().optional(),
  size: z.int("expected a whole number").min(1, "expected 1 to 1,000").max(1_000, "expected 1 to 1,000").optional(),
});

/** POST `/data/tags` (ours): the tags of these objects themselves. */
export const tagsOfBody = z.strictObject({ objectPaths: z.array(z.array(z.string())).max(1_000, "names more than 1,000 objects") });

/** POST `/data/principals` (ours): number and name of these users and groups, each given by one of the two. */
export const principalsBody = z.strictObject({
  principals: z.array(principalReferenceSchema).max(1_000, "names more than 1,000 users and groups"),
});

/** POST `/data/preview/{objectPath}` (ours): what setting `isActive` would change; null inherits. */
export const previewBody = z.strictObject({ settings: z.strictObject({ isActive: z.boolean().nullable() }) });
