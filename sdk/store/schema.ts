import type { Generated } from "kysely";

/** The tables of the store, as kysely types. Booleans are 0 or 1 and times ISO-8601 text, which every backend has. */
export interface StoreSchema {
  connection: ConnectionTable;
  connection_identity: { identity: string; connection_key: string };
  object: ObjectTable;
  object_columns: { path_key: string; columns: string };
  override: OverrideTable;
  job: JobTable;
  identity_user: UserTable;
  identity_group: { group_id: Generated<number>; name: string };
  identity_member: { user_id: number; group_id: number };
  api_key: ApiKeyTable;
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

/** NULL means: not set here, inherited. */
export interface OverrideTable {
  path_key: string;
  is_active: number | null;
  activate_new_children: number | null;
  data_owners: string | null;
  infrastructure_admins: string | null;
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
