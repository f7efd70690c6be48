import { NotFoundError } from "../../model/errors";
import type { JobFilter } from "../../model/job";
import { parseObjectPath } from "../../model/object-path";
import { bulkQuery, jobFilterQuery, jobSearchQuery, jobStatusesBody } from "../../model/wire/requests";
import { jobPage, jobStatuses, jobSummary, jobs } from "../../model/wire/responses";
import { route } from "../route";

/** Jobs and their history (contract: jobs). */
export const jobRoutes = [
  route({
    method: "GET",
    path: "/jobs",
    summary: "The jobs of one bulk operation",
    tag: "jobs",
    query: bulkQuery,
    response: jobs,
    async handle({ api, query: { bulkId } }) {
      const found = await api.getJobs(bulkId);
      if (found.length > 0) return found;
      throw new NotFoundError(`bulkId: there is no job of bulk operation ${bulkId}`, { field: "bulkId" });
    },
  }),
  route({
    method: "GET",
    path: "/jobs/search",
    summary: "The history of jobs, newest first",
    tag: "jobs",
    query: jobSearchQuery,
    response: jobPage,
    handle: ({ api, query }) => api.searchJobs(withPath(query)),
  }),
  route({
    method: "GET",
    path: "/jobs/summary",
    summary: "How many jobs of each type are in each state",
    tag: "jobs",
    query: jobFilterQuery,
    response: jobSummary,
    handle: ({ api, query }) => api.summarizeJobs(withPath(query)),
  }),
  route({
    method: "POST",
    path: "/jobs/statuses",
    summary: "The states of some jobs, on request after a wait for their ends",
    tag: "jobs",
    body: jobStatusesBody,
    response: jobStatuses,
    handle: ({ api, body, signal }) => api.getJobStatuses({ ...body, signal }),
  }),
];

function withPath<T extends { readonly objectPath?: string | undefined }>({ objectPath, ...filter }: T) {
  return { ...filter, ...(objectPath !== undefined && { objectPath: parseObjectPath(objectPath) }) } as Omit<T, "objectPath"> & JobFilter;
}
