import { z } from "zod";
import { ACTIVITY_FEEDS, LINEAGE_KINDS } from "../activity";
import { JOB_STATES, JOB_TYPES } from "../job";
import { SETTING_NAMES } from "../settings";
import { ACKNOWLEDGEMENTS, BLOCKER_KINDS, UPGRADE_STATUSES } from "../upgrade";

export { apiConnection, apiConnectionDeletion } from "./api-connections";

// What the HTTP API answers. Objects are loose: a client ignores fields that it does not know (contract: authentication).

const path = z.array(z.string());
const time = z.string();
const principals = z.array(z.looseObject({ type: z.enum(["user", "group"]), id: z.int() }));
const nearest = z.looseObject({ value: z.boolean(), hasDescendantsWithOverrides: z.boolean(), setOn: path.nullish() });
const view = <T extends z.ZodType>(value: T) => z.looseObject({ value, hasDescendantsWithOverrides: z.boolean() });

const overrides = z.looseObject({
  isActive: z.boolean().optional(),
  activateNewChildren: z.boolean().optional(),
  dataOwners: principals.optional(),
  infrastructureAdmins: principals.optional(),
});

const columns = z.array(
  z.looseObject({ name: z.string(), type: z.string(), nullable: z.boolean(), position: z.int(), comment: z.string().nullish() }),
);

/** GET `/data/object/{objectPath}`. The contract's fields are required, ours may be missing where another server answers. */
export const dataObject = z.looseObject({
  objectPath: path,
  technology: z.string(),
  state: z.enum(["active", "inactive"]),
  settings: z.looseObject({
    isActive: nearest.optional(),
    activateNewChildren: nearest.optional(),
    dataOwners: view(principals).optional(),
    infrastructureAdmins: view(principals).optional(),
  }),
  overrides,
  id: z.int().optional(),
  objectType: z.string().optional(),
  comment: z.string().nullish(),
  owner: z.string().nullish(),
  createdAt: time.nullish(),
  lastAlteredAt: time.nullish(),
  missingSince: time.nullish(),
  columns: columns.optional(),
});

const legacyHost = z.looseObject({ technology: z.string(), hostname: z.string(), port: z.int() });
const person = z.looseObject({ id: z.int(), name: z.string(), email: z.string().nullish() });
const count = z.int();

/** GET `/data/connection/{connectionKey}`. Secrets are left out. */
export const connectionDetails = z.looseObject({
  connectionKey: z.string(),
  connection: z.looseObject({ technology: z.string() }),
  nativeIntegration: z
    .looseObject({
      type: z.string(),
      autoBootstrap: z.literal(false),
      config: z.record(z.string(), z.unknown()),
      unityCatalog: z.boolean().optional(),
    })
    .optional(),
  createdAt: time,
  updatedAt: time,
  createdBy: z.int().optional(),
  updatedBy: z.int().optional(),
  creator: person.optional(),
  updater: person.optional(),
  nativeIntegrationId: z.int().optional(),
  leftOut: z.array(path).optional(),
  lastSync: z
    .looseObject({ at: time, counts: z.looseObject({ databases: count, schemas: count, tables: count, dataSources: count }) })
    .nullish(),
});

export const registered = z.looseObject({ connectionKey: z.string(), objectPath: path.optional(), bulkId: z.string() });
export const tested = z.looseObject({ status: z.literal("passed") });
export const searchPage = z.looseObject({ count, hits: z.array(dataObject) });
export const crawlStarted = z.looseObject({ objectPath: path, bulkId: z.string() });
/** The first field of a deletion is called `connectionKey` in some answers. */
export const deleted = z.looseObject({
  objectPath: path.optional(),
  connectionKey: z.union([z.string(), path]).optional(),
  childCount: count,
});

const plannedChange = z.looseObject({ kind: z.enum(["new", "missing", "returned", "changed"]), objectPath: path, objectType: z.string() });

export const syncPlan = z.looseObject({
  objectPath: path,
  counts: z.looseObject({ new: count, returned: count, changed: count, missing: count, unchanged: count }),
  changes: z.array(plannedChange),
  held: z.array(z.looseObject({ objectPath: path, known: count, missing: count })),
  failed: z.array(z.looseObject({ objectPath: path, message: z.string() })),
});

export const objectCounts = z.looseObject({ databases: count, schemas: count, tables: count, dataSources: count, missing: count });
export const dataSources = z.looseObject({
  hits: z.array(
    z.looseObject({
      id: z.int(),
      name: z.string(),
      objectPath: path,
      objectType: z.string(),
      legacy: z.looseObject({ host: legacyHost, database: z.string(), schema: z.string(), table: z.string() }).optional(),
    }),
  ),
  next: z.string().nullable(),
});
const settingChange = z.looseObject({ at: time, by: z.string() });
const settingChanges = z.looseObject({
  isActive: settingChange.optional(),
  activateNewChildren: settingChange.optional(),
  dataOwners: settingChange.optional(),
  infrastructureAdmins: settingChange.optional(),
});
export const overrideList = z.looseObject({
  hits: z.array(z.looseObject({ objectPath: path, overrides, changes: settingChanges.optional() })),
});
export const objectList = z.looseObject({
  hits: z.array(
    z.looseObject({
      id: z.int(),
      objectPath: path,
      objectType: z.string(),
      state: z.enum(["active", "inactive"]),
      owner: z.string().nullable(),
      createdAt: time.nullable(),
      missingSince: time.nullable(),
      overrides,
    }),
  ),
  next: z.string().nullable(),
});
export const settingsOutcome = z.looseObject({
  updated: count,
  failures: z.array(z.looseObject({ objectPath: path, statusCode: z.int(), message: z.string() })),
});

const part = <T extends z.ZodType>(hit: T) => z.looseObject({ hits: z.array(hit), next: z.string().nullable() });
const lineageEnd = z.looseObject({ objectPath: path, column: z.string().nullable() });

/** GET `/data/tags`, `/data/lineage` and `/data/audit`. */
export const tags = part(
  z.looseObject({ objectPath: path, column: z.string().nullable(), name: z.string(), value: z.string(), source: z.string() }),
);
export const lineageEdges = part(
  z.looseObject({ source: lineageEnd, target: lineageEnd, kind: z.enum(LINEAGE_KINDS), firstSeen: time, lastSeen: time }),
);
export const queryRecords = part(
  z.looseObject({
    connectionKey: z.string(),
    id: z.string(),
    at: time,
    user: z.string(),
    role: z.string().nullable(),
    statementType: z.string(),
    succeeded: z.boolean(),
    hash: z.string().nullable(),
    objects: z.array(z.looseObject({ objectPath: path, access: z.enum(["read", "write"]), columns: z.array(z.string()) })),
  }),
);

const feeds = z.array(z.looseObject({ feed: z.enum(ACTIVITY_FEEDS), recorded: count, error: z.string().optional() }));
const upgraded = z.looseObject({ upgraded: count, remaining: count, activated: z.array(path), unknownOwners: z.array(z.string()) });
const output = z
  .looseObject({
    plan: syncPlan.optional(),
    feeds: feeds.optional(),
    upgrade: upgraded.optional(),
    childCount: count.optional(),
    error: z.string().optional(),
  })
  .nullable();

/** The contract promises `id`, `state` and `output`. */
export const job = z.looseObject({
  id: z.string(),
  bulkId: z.string().optional(),
  jobType: z.enum(JOB_TYPES).optional(),
  state: z.enum(JOB_STATES),
  objectPath: path.optional(),
  requestedBy: z.string().optional(),
  createdAt: time.optional(),
  endedAt: time.nullish(),
  progress: z
    .looseObject({
      objects: count,
      databasesDone: count,
      databasesTotal: count,
      waitingFor: z.string().optional(),
      dataSourcesDone: count.optional(),
      dataSourcesTotal: count.optional(),
    })
    .optional(),
  output,
});
export const jobs = z.array(job);
/** Of the former form: how many jobs of a connection string are under way; without `pending` where none ran lately. */
export const pendingJobs = z.looseObject({ pending: count.optional() });
export const jobPage = z.looseObject({ jobs, next: z.string().nullable() });
export const jobSummary = z.record(z.string(), z.record(z.string(), count));
export const jobStatuses = z.record(z.string(), z.looseObject({ id: z.string(), state: z.enum(JOB_STATES), output }));

/** GET `/data/diagnosis/{connectionKey}` (ours). */
export const diagnosis = z.looseObject({
  grantee: z.string(),
  findings: z.array(z.looseObject({ objectPath: path, privilege: z.string(), target: z.string(), sql: z.string(), why: z.string() })),
  statements: z.array(z.string()),
  warnings: z.array(z.string()),
});

/** POST `/bim/apikey/authenticate`; the contract promises `token`. */
export const issued = z.looseObject({ token: z.string(), expiresAt: time.optional() });

/** Body of every error (contract: status codes and error bodies); `field` is ours. */
export const errorBody = z.looseObject({
  statusCode: z.int(),
  error: z.string(),
  message: z.string(),
  field: z.string().optional(),
});

/** GET `/capabilities`: what this server has beyond the contract. */
export const capabilities = z.looseObject({ product: z.string(), version: z.string(), features: z.array(z.string()) });

/** GET `/upgrade/{connectionKey}`, and each of GET `/upgrade` (ours). */
export const upgradeStatus = z.looseObject({
  host: legacyHost,
  status: z.enum(UPGRADE_STATUSES),
  counts: z.looseObject({ dataSources: count, upgraded: count, remaining: count }),
  connectionKey: z.string().nullable(),
  bulkId: z.string().nullable(),
  error: z.string().nullable(),
});
export const upgradeList = z.looseObject({ hits: z.array(upgradeStatus) });
export const upgradePlan = z.looseObject({
  host: legacyHost,
  connectionKey: z.string(),
  blockers: z.array(z.looseObject({ kind: z.enum(BLOCKER_KINDS), message: z.string(), acknowledge: z.enum(ACKNOWLEDGEMENTS).optional() })),
  counts: z.looseObject({ moving: count, remaining: count, activated: count, inactive: count }),
  moving: z.array(z.looseObject({ id: z.int(), name: z.string(), newName: z.string(), isEnabled: z.boolean() })),
  remaining: z.array(z.looseObject({ id: z.int(), name: z.string(), reason: z.string() })),
  warnings: z.array(z.string()),
});
export const upgradeSources = part(
  z.looseObject({
    id: z.int(),
    name: z.string(),
    newName: z.string().nullable(),
    objectPath: path.nullable(),
    reason: z.string().nullable(),
  }),
);

const owner = z.looseObject({ type: z.enum(["user", "group"]), id: z.int().optional(), name: z.string().optional() });

/** The former API (contract: legacy payloads). */
export const legacyHandler = z.looseObject({
  id: z.int(),
  dataSourceId: z.int(),
  warnings: z.array(z.string()),
  connectionString: z.string(),
});
export const legacyHandlers = z.array(legacyHandler);
export const legacyCollection = z.looseObject({
  dryRun: z.boolean(),
  creating: z.array(z.string()),
  updating: z.array(z.string()),
  deleting: z.array(z.string()),
  noChange: z.array(z.string()),
  detectionRunning: z.boolean(),
  tagsUpdated: z.boolean(),
});
export const legacyDataSource = z.looseObject({
  id: z.int(),
  name: z.string(),
  host: legacyHost,
  database: z.string(),
  schema: z.string(),
  table: z.string(),
  collection: z.string().nullable(),
  isEnabled: z.boolean(),
  tags: z.looseObject({ table: z.array(z.string()), columns: z.array(z.looseObject({ column: z.string(), tags: z.array(z.string()) })) }),
  owners: z.array(owner),
  policies: z.array(z.unknown()),
  objectPath: path.nullable(),
});
export const legacyDataSources = z.looseObject({
  count,
  hits: z.array(z.looseObject({ id: z.int(), name: z.string(), technology: z.string(), isEnabled: z.boolean(), objectPath: path })),
});
export const legacyDeleted = z.looseObject({
  success: z.literal(true),
  id: z.int(),
  name: z.string(),
  hardDelete: z.boolean(),
  disabled: z.boolean(),
});
export const legacyIds = z.looseObject({ ids: z.array(z.int()) });
const detected = z.looseObject({ warning: z.string().nullable(), jobs: z.array(z.unknown()) });
export const legacyDetection = z.looseObject({
  schemaDetection: detected,
  columnDetection: detected,
  created: z.array(z.string()),
  disabled: z.array(z.string()),
});
export const legacyIntegration = z.looseObject({
  id: z.int(),
  type: z.string(),
  host: legacyHost,
  status: z.enum(["enabled", "disabled"]),
  connectionKey: z.string().nullable(),
});
export const legacyIntegrations = z.array(legacyIntegration);
export const legacyIntegrationDeleted = z.looseObject({ id: z.int() });
/** SQL, sent as plain text. */
export const script = z.string();
const settingsPatch = z.looseObject({
  isActive: z.boolean().nullish(),
  activateNewChildren: z.boolean().nullish(),
  dataOwners: principals.nullish(),
  infrastructureAdmins: principals.nullish(),
});
const state = z.enum(["active", "inactive"]);

/** What the routes for looking through the hierarchy answer (ours). */
export const foundObjects = part(dataObject);
export const tagList = z.looseObject({
  hits: z.array(
    z.looseObject({ objectPath: path, column: z.string().nullable(), name: z.string(), value: z.string(), source: z.string() }),
  ),
});
export const namedPrincipals = z.looseObject({
  hits: z.array(z.looseObject({ type: z.enum(["user", "group"]), id: z.int(), name: z.string() })),
});
const settingValue = z.union([z.boolean(), principals]);
export const declaredDrift = z.looseObject({
  hits: z.array(
    z.looseObject({
      objectPath: path,
      setting: z.enum(SETTING_NAMES),
      declared: settingValue,
      actual: settingValue.nullable(),
      declaredAt: time,
      declaredBy: z.string(),
      changedAt: time,
      changedBy: z.string(),
    }),
  ),
});
export const position = z.looseObject({ objectPath: path, positions: z.array(count) });
export const statusPreview = z.looseObject({
  objectPath: path,
  from: state,
  to: state,
  changed: z.looseObject({ databases: count, schemas: count, tables: count }),
});
export const rights = z.looseObject({
  hits: z.array(z.looseObject({ operation: z.string(), isAllowed: z.boolean(), reason: z.string().nullable() })),
});
export const objectEvents = z.looseObject({
  hits: z.array(
    z.union([
      z.looseObject({ kind: z.literal("settings"), at: time, by: z.string(), objectPath: path, settings: settingsPatch }),
      z.looseObject({ kind: z.literal("sync"), at: time, by: z.string(), bulkId: z.string(), change: plannedChange }),
    ]),
  ),
});
export const syncRecords = z.looseObject({
  hits: z.array(
    z.looseObject({
      at: time,
      databases: count,
      schemas: count,
      tables: count,
      dataSources: count,
      missing: count,
      drift: count,
      durationMilliseconds: count,
    }),
  ),
});
