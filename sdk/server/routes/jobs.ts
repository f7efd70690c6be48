import { z } from "zod";
import { BadRequestError, NotFoundError } from "../../model/errors";
import type { JobFilter } from "../../model/job";
import { parseObjectPath } from "../../model/object-path";
import { bulkQuery, jobFilterQuery, jobSearchQuery, jobStatusesBody } from "../../model/wire/requests";
import { jobPage, jobStatuses, jobSummary, jobs, pendingJobs } from "../../model/wire/responses";
import { route } from "../route";

/** Jobs and their history (contract: jobs). */
export const jobRoutes = [
  route({
    method: "GET",
    path: "/jobs",
    summary: "The jobs of one bulk operation, or what is under way for a connection string of the former API",
    tag: "jobs",
    query: bulkQuery,
    response: z.union([jobs, pendingJobs]),
    async handle({ api, query: { bulkId, connectionString } }) {
      if ((bulkId === undefined) === (connectionString === undefined)) {
        throw new BadRequestError("bulkId: name the bulk operation, as ?bulkId=..., or a connectionString", { field: "bulkId" });
      }
      // The calls of the former API have done their work when they answer.
      if (bulkId === undefined) return {};
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
