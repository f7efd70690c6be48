export type { Engine } from "./engine/engine";
export type { Schedule, ScheduleEvents } from "./engine/schedule";
export { openLocal, rotateSecretKey, type LocalOptions } from "./engine/open-local";
export type { Caller, Permission } from "./model/caller";
export type {
  ConnectionsApi,
  CrawlOptions,
  DataSourceQuery,
  ObjectOverrides,
  Page,
  Part,
  PlanOptions,
  SearchQuery,
  WaitOptions,
} from "./model/connections-api";
export type { Column, DataObject, DataSource, ObjectCounts, ObjectState, ObjectType } from "./model/data-object";
export { BadRequestError, ConflictError, ConnectionsError, ForbiddenError, NotFoundError, PlatformError, StoreError } from "./model/errors";
export type {
  Job,
  JobFilter,
  JobOutput,
  JobPage,
  JobProgress,
  JobSearch,
  JobState,
  JobStatus,
  JobStatusQuery,
  JobSummary,
  JobType,
} from "./model/job";
export { formatObjectPath, parseObjectPath, type ObjectPath } from "./model/object-path";
export type {
  ConnectionDetails,
  ConnectionInformation,
  ConnectionUpdate,
  LastSync,
  NativeIntegration,
  Registration,
} from "./model/registration";
export type { EffectiveSettings, Principal, Settings, SettingsPatch } from "./model/settings";
export type { ColumnChange, FailedDatabase, HeldDatabase, SkippedInSync, SyncChange, SyncCounts, SyncPlan } from "./model/sync-plan";
