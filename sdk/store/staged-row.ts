import { depthOf } from "../model/path-key";
import type { StagedChange } from "../model/store";

/** Columns of a recorded object that a sync writes as the platform shows them. */
export const OBSERVED = ["object_type", "comment", "owner", "platform_created_at", "platform_altered_at", "fingerprint"] as const;
export const STAGED = ["path_key", "depth", ...OBSERVED, "columns", "is_active"] as const;

/** The values of `STAGED`. `object_type` NULL stands for: gone from the platform. */
export function stagedRow(change: StagedChange): (string | number | null)[] {
  if (change.kind === "missing") return [change.key, depthOf(change.key), ...STAGED.slice(2).map(() => null)];
  const { comment = null, owner = null, createdAt = null, lastAlteredAt = null } = change.facts;
  const isActive = change.isActive === undefined ? null : Number(change.isActive);
  return [
    ...[change.key, depthOf(change.key), change.objectType, comment, owner, createdAt, lastAlteredAt, change.fingerprint],
    ...[change.columns ?? null, isActive],
  ];
}
