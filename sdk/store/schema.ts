import type { Generated } from "kysely";

/** The tables of the store, as kysely types. Booleans are 0 or 1 and times ISO-8601 text, which every backend has. */
export interface StoreSchema {
  connection: ConnectionTable;
  connection_identity: { identity: string; connection_key: string };
  object: ObjectTable;
  object_columns: { path_key: string; columns: string };
  override: OverrideTable;
  setting_change: SettingChangeTable;
  /** `value` is JSON. */
  declared_setting: { path_key: string; setting: string; value: string; declared_at: string; declared_by: string };
  job: JobTable;
  sync_part: SyncPartTable;
  server: { server_id: string; beat: number; workers: string };
  staged_object: StagedObjectTable;
  staged_tag: { stage_id: string; path_key: string; column_name: string; name: string; value: string };
  tag: TagTable;
  lineage: LineageTable;
  query: QueryTable;
  query_object: QueryObjectTable;
  watermark: { connection_key: string; feed: string; read_until: string };
  legacy_host: LegacyHostTable;
  legacy_integration: LegacyIntegrationTable;
  legacy_registration: LegacyRegistrationTable;
  legacy_source: LegacySourceTable;
  legacy_monitored: { host_key: string; container_key: string; collection: string | null; is_applied: number };
  identity_user: UserTable;
  identity_group: { group_id: Generated<number>; name: string };
  identity_member: { user_id: number; group_id: number };
  api_key: ApiKeyTable;
  settings_log: SettingsLogTable;
  /** `record` is JSON of `SyncRecord`. */
  sync_record: { connection_key: string; ended_at: string; record: string };
}

export interface ConnectionTable {
  connection_key: string;
  technology: string;
  secret_details: string;
  created_at: string;
  updated_at: string;
  /** JSON of `Person`. */
  creator: string;
  updater: string;
  /** JSON of `LastSync`. */
  last_sync: string | null;
}

export interface ObjectTable {
  /** Stays with the object as long as it is registered; never used again. */
  object_id: Generated<number>;
  path_key: string;
  depth: number;
  object_type: string;
  comment: string | null;
  owner: string | null;
  platform_created_at: string | null;
  platform_altered_at: string | null;
  fingerprint: string;
  missing_since: string | null;
}

/** `settings` is JSON of the change as it was asked for. `change_id` tells apart what changed in the same millisecond. */
export interface SettingsLogTable {
  path_key: string;
  changed_at: string;
  change_id: string;
  changed_by: string;
  settings: string;
}

/** NULL means: not set here, inherited. */
export interface OverrideTable {
  path_key: string;
  is_active: number | null;
  activate_new_children: number | null;
  data_owners: string | null;
  infrastructure_admins: string | null;
}

/** The last change of a setting by somebody, also when it took the setting away. */
export interface SettingChangeTable {
  path_key: string;
  setting: string;
  changed_at: string;
  changed_by: string;
}

export interface JobTable {
  id: string;
  bulk_id: string;
  job_type: string;
  state: string;
  connection_key: string;
  object_path: string;
  requested_by: string;
  created_at: string;
  ended_at: string | null;
  heartbeat_at: string;
  owner: string;
  progress: string;
  output: string | null;
}

/** `details` and `outcome` are JSON; `outcome` NULL: not ended yet. */
export interface SyncPartTable {
  job_id: string;
  path_key: string;
  details: string;
  objects: Generated<number>;
  outcome: string | null;
}

/** A change that is not written yet. `object_type` NULL stands for: gone from the platform. */
export interface StagedObjectTable extends Omit<ObjectTable, "object_id" | "object_type" | "fingerprint" | "missing_since"> {
  stage_id: string;
  object_type: string | null;
  fingerprint: string | null;
  columns: string | null;
  is_active: number | null;
}

/** An empty `column_name`, here and below, means the object itself: a key cannot hold NULL. */
export interface TagTable {
  path_key: string;
  column_name: string;
  name: string;
  source: string;
  value: string;
}

export interface LineageTable {
  source_key: string;
  source_column: string;
  target_key: string;
  target_column: string;
  kind: string;
  first_seen: string;
  last_seen: string;
}

export interface QueryTable {
  connection_key: string;
  query_id: string;
  started_at: string;
  user_name: string;
  role_name: string | null;
  statement_type: string;
  succeeded: number;
  hash: string | null;
}

/**
 * A row for each table that a statement used, and for each object above one: so the newest statements of any object are a range
 * of the key. `read_columns` and `written_columns` are JSON arrays, NULL where the object was not used in that way.
 */
export interface QueryObjectTable {
  path_key: string;
  started_at: string;
  query_id: string;
  read_columns: string | null;
  written_columns: string | null;
}

export interface UserTable {
  user_id: Generated<number>;
  name: string;
  email: string | null;
  /** JSON of the permissions. */
  permissions: string;
}

export interface ApiKeyTable {
  key_id: Generated<number>;
  user_id: number;
  name: string;
  /** SHA-256 in base64. */
  secret_hash: string;
  is_from_environment: number;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

export interface LegacyHostTable {
  host_key: string;
  technology: string;
  hostname: string;
  port: number;
  connection_key: string | null;
  is_upgraded: number;
}

export interface LegacyIntegrationTable {
  integration_id: Generated<number>;
  host_key: string;
  type: string;
  is_enabled: number;
  secret_config: string;
}

export interface LegacyRegistrationTable {
  registration_id: Generated<number>;
  host_key: string;
  collection: string | null;
  secret_payload: string;
  created_at: string;
}

/** `source_id` comes from the objects' sequence. `tags`, `owners` and `policies` are JSON. */
export interface LegacySourceTable {
  source_id: number;
  host_key: string;
  registration_id: number;
  collection: string | null;
  /** Host, database, schema and table as a key, in the order of which an upgrade goes through them. */
  place_key: string;
  name: string;
  is_enabled: number;
  tags: string;
  owners: string;
  policies: string;
  /** The object's key since the upgrade. */
  upgraded_to: string | null;
  reason: string | null;
}
