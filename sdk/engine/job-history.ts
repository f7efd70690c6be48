import { NotFoundError } from "../model/errors";
import { isFinal, type JobFilter, type JobPage, type JobSearch, type JobStatus, type JobStatusQuery, type JobSummary } from "../model/job";
import { jobFilterSchema, jobSearchSchema, jobStatusQuerySchema } from "../model/job-schema";
import { parseObjectPath } from "../model/object-path";
import { toPathKey } from "../model/path-key";
import type { JobRange, Store } from "../model/store";
import { parse } from "../model/validate";
import { systemClock } from "./clock";
import type { JobRunner } from "./jobs";
import { timeSpan } from "./time-span";

/**
 * The history of jobs (contract: jobs), of every process that shares the store. A job whose process died is shown as failed; until the
 * next sync of its connection says so in the store, the filter by state and the summary have it as active.
 */
export function createJobHistory(store: Store, jobs: JobRunner) {
  return {
    async search(query: JobSearch = {}): Promise<JobPage> {
      const { offset, size, ...filter } = parse(jobSearchSchema, query);
      // One more than asked for tells whether there is a next page.
      const rows = await jobs.show(() => store.searchJobs(rangeOf(filter), offset, size + 1));
      return { jobs: rows.slice(0, size), next: rows.length > size ? String(offset + size) : null };
    },

    async summarize(filter: JobFilter = {}): Promise<JobSummary> {
      const summary: Record<string, Record<string, number>> = {};
      for (const { jobType, state, jobs: count } of await store.countJobs(rangeOf(parse(jobFilterSchema, filter)))) {
        (summary[jobType] ??= {})[state] = count;
      }
      return summary;
    },

    async statuses({ signal, ...query }: JobStatusQuery): Promise<Record<string, JobStatus>> {
      const { jobIds, wait, pollInterval } = parse(jobStatusQuerySchema, query);
      const deadline = wait < 0 ? Infinity : Date.now() + wait * 1_000;
      for (;;) {
        const rows = await jobs.show(() => store.getJobsById(jobIds));
        const found = new Map(rows.map((row) => [row.id, row]));
        const unknown = jobIds.find((id) => !found.has(id));
        if (unknown !== undefined) {
          throw new NotFoundError(`jobIds: there is no job ${unknown}; correct the id, or look it up in the history`, { field: "jobIds" });
        }
        const left = deadline - Date.now();
        if (left <= 0 || signal?.aborted === true || rows.every(({ state }) => isFinal(state))) {
          return Object.fromEntries(rows.map(({ id, state, output }) => [id, { id, state, output }]));
        }
        await systemClock.sleep(Math.min(pollInterval * 1_000, left), signal ?? new AbortController().signal);
      }
    },
  };
}

function rangeOf({ jobType, state, startDate, endDate, objectPath }: JobFilter): JobRange {
  return {
    jobType,
    state,
    ...timeSpan({ startDate, endDate }),
    key: objectPath && toPathKey(parseObjectPath(objectPath)),
  };
}
