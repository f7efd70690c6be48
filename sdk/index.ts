export { createClient, type ClientOptions } from "./client/client";
export { createLegacyClient, type LegacyClient } from "./client/legacy-client";
export type { Engine } from "./engine/engine";
export type { Schedule, ScheduleEvents } from "./engine/schedule";
export type { Identity } from "./engine/identity/identity";
export type { CreatedKey } from "./engine/identity/keys";
export type { IssuedToken } from "./engine/identity/tokens";
export { openLocal, openLocalWithIdentity, rotateSecretKey, type LocalOptions } from "./engine/open-local";
export type {
  Access,
  ActivityFeed,
  AuditQuery,
  FeedResult,
  LineageEdge,
  LineageEnd,
  LineageKind,
  LineageQuery,
  QueryAccess,
  QueryRecord,
  Tag,
  TagQuery,
} from "./model/activity";
export type { BrowsingApi, FindQuery, ObjectEvent, ObjectFilter, Right, StatusPreview, SyncRecord } from "./model/browsing";
export type { Caller, Permission } from "./model/caller";
export type {
  ConnectionsApi,
  CrawlOptions,
  DataSourceQuery,
  ManySettingsOptions,
  ObjectOverrides,
  ObjectQuery,
  OverridesQuery,
  Page,
  Part,
  PlanOptions,
  SearchQuery,
  SettingChange,
  SettingsFailure,
  SettingsOutcome,
  SettingsUpdate,
  WaitOptions,
} from "./model/connections-api";
export type { Column, DataObject, DataSource, ListedObject, ObjectCounts, ObjectState, ObjectType } from "./model/data-object";
export type {
  BulkChange,
  CollectionResult,
  DeletedDataSource,
  Detection,
  DetectionScope,
  IntegrationInput,
  LegacyApi,
  LegacyIntegration,
  LegacyListQuery,
  ListedDataSource,
  RegisteredHandler,
} from "./model/legacy-api";
export type { LegacyDataSource, LegacyHost, LegacyPlace, RegisteredOwner, RegisteredTags } from "./model/legacy-data-source";
export type {
  Acknowledgement,
  RerunOptions,
  UpgradeBlocker,
  UpgradeCounts,
  UpgradePlan,
  UpgradePlanOptions,
  UpgradeRequest,
  UpgradeResult,
  UpgradeSource,
  UpgradeSourceQuery,
  UpgradeStatus,
  UpgradeStatusName,
} from "./model/upgrade";
export type { Diagnosis, ExpectedObject, MissingGrant } from "./model/diagnosis";
export {
  BadRequestError,
  BlockedError,
  ConflictError,
  ConnectionsError,
  ForbiddenError,
  NotFoundError,
  PlatformError,
  RemoteError,
  StoreError,
  TooManyRequestsError,
  UnauthorizedError,
} from "./model/errors";
export type { ApiKey, ApiKeyInput, Group, User, UserChange, UserInput } from "./model/identity";
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
  Person,
  Registration,
} from "./model/registration";
export type { EffectiveSettings, Principal, PrincipalName, PrincipalReference, Settings, SettingsPatch } from "./model/settings";
export type { SetupRequest, SetupScope } from "./model/setup-script";
export type { ColumnChange, FailedDatabase, HeldDatabase, SkippedInSync, SyncChange, SyncCounts, SyncPlan } from "./model/sync-plan";
