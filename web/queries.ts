import { QueryClient, keepPreviousData, useQuery } from "@tanstack/preact-query";
import type { LineageEdge, QueryRecord, Tag } from "../sdk/model/activity";
import type { DeclaredDrift, NamedPrincipal, ObjectEvent, Right, StatusPreview, SyncRecord } from "../sdk/model/browsing";
import type { Page, Part } from "../sdk/model/connections-api";
import type { DataObject, ObjectCounts } from "../sdk/model/data-object";
import { isFinal, type Job, type JobPage } from "./job";
import type { ConnectionDetails } from "../sdk/model/registration";
import type { Principal } from "../sdk/model/settings";
import type { UpgradeSource, UpgradeStatus } from "../sdk/model/upgrade";
import { ApiError, call } from "./api";
import { toText, type ObjectPath } from "./object-path";
import { queryText } from "./routing";

/** Rows of one request of the tree. */
export const PAGE_ROWS = 100;

const FRESH_MILLISECONDS = 30_000;
const PROGRESS_MILLISECONDS = 500;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MILLISECONDS,
      networkMode: "always",
      // What was refused stays refused; when the server comes back everything is asked again.
      retry: false,
      refetchOnWindowFocus: true,
    },
    mutations: { networkMode: "always", retry: false },
  },
});

export interface Session {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly principals: readonly { readonly type: "user" | "group"; readonly id: number }[];
}

/** Null when nobody is signed in. */
export const useSession = () =>
  useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) =>
      call<Session>("GET", "/session", undefined, signal).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }),
    staleTime: Infinity,
  });

/** One page of the children of an object; of `[]`, of the connections. */
export const childrenQuery = (parent: ObjectPath, page: number) => ({
  queryKey: ["children", toText(parent), page],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call<Page<DataObject>>("POST", at("/data/object/search", parent), { offset: page * PAGE_ROWS, size: PAGE_ROWS }, signal),
  gcTime: 60_000,
});

/** The tags of the objects of one page themselves. */
export const tagsOfQuery = (page: Page<DataObject>): TagsQuery => {
  const known = tagQueries.get(page);
  if (known !== undefined) return known;
  const objectPaths = page.hits.map(({ objectPath }) => objectPath);
  const query = {
    queryKey: ["tagsOf", objectPaths.map(toText).join("\n")],
    queryFn: ({ signal }: { signal: AbortSignal }) => call<{ hits: readonly Tag[] }>("POST", "/data/tags", { objectPaths }, signal),
    gcTime: 60_000,
    enabled: objectPaths.length > 0,
  };
  tagQueries.set(page, query);
  return query;
};
/** Asked for with each row that is scrolled by, and too much work for that. */
const tagQueries = new WeakMap<Page<DataObject>, TagsQuery>();

interface TagsQuery {
  readonly queryKey: string[];
  readonly queryFn: (context: { signal: AbortSignal }) => Promise<{ hits: readonly Tag[] }>;
  readonly gcTime: number;
  readonly enabled: boolean;
}

/** The names of some users and groups, each asked for once however often it stands there. */
export const principalsQuery = (principals: readonly Principal[]) => {
  const wanted = new Map(principals.map(({ type, id }) => [`${type} ${id}`, { type, id }]));
  return {
    queryKey: ["principals", [...wanted.keys()].sort().join()],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      call<{ hits: readonly NamedPrincipal[] }>("POST", "/data/principals", { principals: [...wanted.values()] }, signal),
    enabled: wanted.size > 0,
  };
};

export const positionQuery = (path: ObjectPath) => ({
  queryKey: ["position", toText(path)],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call<{ positions: readonly number[] }>("GET", at("/data/position", path), undefined, signal),
});

const read = <T>(name: string, path: ObjectPath, query = "") => ({
  queryKey: [name, toText(path), query],
  queryFn: ({ signal }: { signal: AbortSignal }) => call<T>("GET", `${at(name, path)}${query}`, undefined, signal),
});

export const useObject = (path: ObjectPath) => useQuery(read<DataObject>("/data/object", path, "?columns=true"));
export const useCounts = (path: ObjectPath, enabled = true) => useQuery({ ...read<ObjectCounts>("/data/counts", path), enabled });
export const useRights = (path: ObjectPath) => useQuery(read<{ hits: readonly Right[] }>("/data/rights", path));
export const useConnection = (connectionKey: string, enabled = true) =>
  useQuery({ ...read<ConnectionDetails>("/data/connection", [connectionKey]), enabled });
export const useTags = (path: ObjectPath) => useQuery(read<Part<Tag>>("/data/tags", path, "?size=1000"));
export const useLineage = (path: ObjectPath) => useQuery(read<Part<LineageEdge>>("/data/lineage", path, "?size=200"));
export const useEvents = (path: ObjectPath) => useQuery(read<{ hits: readonly ObjectEvent[] }>("/data/events", path));
export const useDeclaredDrift = (path: ObjectPath) => useQuery(read<{ hits: readonly DeclaredDrift[] }>("/data/declared", path));
export const useSyncRecords = (connectionKey: string) => useQuery(read<{ hits: readonly SyncRecord[] }>("/data/syncs", [connectionKey]));

export const useConnections = () => useQuery(childrenQuery([], 0));

export const useLastJob = (connectionKey: string, enabled = true) =>
  useQuery({
    ...jobsQuery({ objectPath: toText([connectionKey]), size: "1" }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.jobs.every((job) => isFinal(job.state)) === false ? 1_000 : false),
  });

export const jobsQuery = (filter: Readonly<Record<string, string>>) => ({
  queryKey: ["jobs", filter],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call<JobPage>("GET", `/jobs/search?${new URLSearchParams(filter).toString()}`, undefined, signal),
});

export const useUpgrades = (enabled: boolean) =>
  useQuery({
    ...read<{ hits: readonly UpgradeStatus[] }>("/upgrade", []),
    enabled,
    refetchInterval: ({ state }) => (state.data?.hits.some(({ status }) => status === "inProgress") === true ? 1_000 : false),
  });

export const upgradeSourcesQuery = (connectionKey: string, state: "remaining" | "upgraded") => ({
  queryKey: ["/upgrade/sources", connectionKey, state],
  initialPageParam: "",
  queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: string }) =>
    call<Part<UpgradeSource>>(
      "GET",
      `${at("/upgrade/sources", [connectionKey])}${queryText({ state, size: String(PAGE_ROWS), after: pageParam })}`,
      undefined,
      signal,
    ),
  getNextPageParam: ({ next }: Part<UpgradeSource>) => next,
});

/** Follows a bulk operation until its jobs have ended. */
export const useBulk = (bulkId: string | null) =>
  useQuery({
    queryKey: ["bulk", bulkId],
    queryFn: ({ signal }) => call<readonly Job[]>("GET", `/jobs?bulkId=${encodeURIComponent(bulkId ?? "")}`, undefined, signal),
    enabled: bulkId !== null,
    refetchInterval: ({ state }) => (state.data?.every((job) => isFinal(job.state)) === true ? false : PROGRESS_MILLISECONDS),
  });

export const usePreview = (path: ObjectPath, isActive: boolean | null | undefined) =>
  useQuery({
    queryKey: ["preview", toText(path), isActive],
    queryFn: ({ signal }) => call<StatusPreview>("POST", at("/data/preview", path), { settings: { isActive } }, signal),
    enabled: isActive !== undefined,
    staleTime: 0,
  });

export const auditQuery = (path: ObjectPath) => ({
  queryKey: ["audit", toText(path)],
  initialPageParam: "",
  queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: string }) =>
    call<Part<QueryRecord>>(
      "GET",
      `${at("/data/audit", path)}?size=50${pageParam === "" ? "" : `&after=${encodeURIComponent(pageParam)}`}`,
      undefined,
      signal,
    ),
  getNextPageParam: ({ next }: Part<QueryRecord>) => next,
});

export const findQuery = (filter: Readonly<Record<string, unknown>>) => ({
  queryKey: ["find", filter],
  initialPageParam: "",
  queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: string }) =>
    call<Part<DataObject>>("POST", "/data/find", { ...filter, size: PAGE_ROWS, ...(pageParam !== "" && { after: pageParam }) }, signal),
  getNextPageParam: ({ next }: Part<DataObject>) => next,
  placeholderData: keepPreviousData,
});

/** `/data/object` and a path in one. */
export function at(route: string, path: ObjectPath): string {
  return path.length === 0 ? route : `${route}/${toText(path)}`;
}
