import { useEffect } from "preact/hooks";
import { isFinal, type Job } from "../job";
import { queryClient, useBulk } from "../queries";

export interface FollowedJob {
  readonly job: Job | undefined;
  readonly isRunning: boolean;
  readonly error: Error | null;
}

/** Follows the job of a bulk operation; when it has ended, what it may have changed is asked for again. */
export function useFollowedJob(bulkId: string | null): FollowedJob {
  const { data, error } = useBulk(bulkId);
  const job = data?.[0];
  const isRunning = job !== undefined && !isFinal(job.state);
  useEffect(() => {
    if (bulkId !== null && job !== undefined && !isRunning) void queryClient.invalidateQueries({ predicate: isChangedByJob });
  }, [bulkId, isRunning]);
  return { job, isRunning, error };
}

/** All but who is signed in and the job that is shown. */
function isChangedByJob({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return queryKey[0] !== "session" && queryKey[0] !== "bulk";
}
