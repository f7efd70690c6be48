import type { Insertable, Selectable } from "kysely";
import { fromPathKey, type PathKey } from "../model/path-key";
import type { Person } from "../model/registration";
import type { ConnectionRow, JobRow, ObjectRow } from "../model/store";
import type { Settings, SettingsPatch } from "../model/settings";
import type { ConnectionTable, JobTable, ObjectTable, OverrideTable } from "./schema";

export function connectionRow(row: Selectable<ConnectionTable>): ConnectionRow {
  return {
    connectionKey: row.connection_key,
    technology: row.technology,
    secretDetails: row.secret_details,
    createdAt: row.created_at,
    creator: JSON.parse(row.creator) as Person,
    updatedAt: row.updated_at,
    updater: JSON.parse(row.updater) as Person,
    lastSync: row.last_sync === null ? null : (JSON.parse(row.last_sync) as ConnectionRow["lastSync"]),
  };
}

export function connectionInsert(row: ConnectionRow): Insertable<ConnectionTable> {
  return {
    connection_key: row.connectionKey,
    technology: row.technology,
    secret_details: row.secretDetails,
    created_at: row.createdAt,
    creator: JSON.stringify(row.creator),
    updated_at: row.updatedAt,
    updater: JSON.stringify(row.updater),
    last_sync: row.lastSync === null ? null : JSON.stringify(row.lastSync),
  };
}

export function objectRow(row: Omit<Selectable<ObjectTable>, "depth" | "fingerprint">): ObjectRow {
  return {
    id: row.object_id,
    key: row.path_key,
    objectType: row.object_type as ObjectRow["objectType"],
    comment: row.comment,
    owner: row.owner,
    createdAt: row.platform_created_at,
    lastAlteredAt: row.platform_altered_at,
    missingSince: row.missing_since,
  };
}

export function settingsOf(row: Selectable<OverrideTable>): Settings {
  return {
    ...(row.is_active !== null && { isActive: row.is_active === 1 }),
    ...(row.activate_new_children !== null && { activateNewChildren: row.activate_new_children === 1 }),
    ...(row.data_owners !== null && { dataOwners: JSON.parse(row.data_owners) as Settings["dataOwners"] }),
    ...(row.infrastructure_admins !== null && {
      infrastructureAdmins: JSON.parse(row.infrastructure_admins) as Settings["infrastructureAdmins"],
    }),
  };
}

/** The columns that a patch sets; a field left out is not among them. */
export function overrideColumns(patch: SettingsPatch): Partial<Omit<OverrideTable, "path_key">> {
  const flag = (value: boolean | null) => (value === null ? null : Number(value));
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  return {
    ...(patch.isActive !== undefined && { is_active: flag(patch.isActive) }),
    ...(patch.activateNewChildren !== undefined && { activate_new_children: flag(patch.activateNewChildren) }),
    ...(patch.dataOwners !== undefined && { data_owners: json(patch.dataOwners) }),
    ...(patch.infrastructureAdmins !== undefined && { infrastructure_admins: json(patch.infrastructureAdmins) }),
  };
}

export function jobRow(row: Selectable<JobTable>): JobRow {
  return {
    id: row.id,
    bulkId: row.bulk_id,
    jobType: row.job_type as JobRow["jobType"],
    state: row.state as JobRow["state"],
    objectPath: fromPathKey(row.object_path),
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    heartbeatAt: row.heartbeat_at,
    owner: JSON.parse(row.owner) as JobRow["owner"],
    progress: JSON.parse(row.progress) as JobRow["progress"],
    output: row.output === null ? null : (JSON.parse(row.output) as JobRow["output"]),
  };
}

export function jobInsert(job: JobRow, key: PathKey): Insertable<JobTable> {
  return {
    id: job.id,
    bulk_id: job.bulkId,
    job_type: job.jobType,
    state: job.state,
    connection_key: job.objectPath[0] ?? "",
    object_path: key,
    requested_by: job.requestedBy,
    created_at: job.createdAt,
    ended_at: job.endedAt,
    heartbeat_at: job.heartbeatAt,
    owner: JSON.stringify(job.owner),
    progress: JSON.stringify(job.progress),
    output: job.output === null ? null : JSON.stringify(job.output),
  };
}
