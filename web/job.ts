import type { Job as RecordedJob, JobPage as RecordedJobPage, JobState } from "../sdk/model/job";

export type Job = RecordedJob;
export type JobPage = RecordedJobPage;

const FINAL: readonly JobState[] = ["completed", "failed", "expired", "cancelled"];

export function isFinal(state: JobState): boolean {
  return FINAL.includes(state);
}
