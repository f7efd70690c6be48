import type { LineageEdge, LineageEnd, QueryRecord, Tag } from "../model/activity";
import type { ConnectionsApi, Part } from "../model/connections-api";
import { formatObjectPath, parseObjectPath } from "../model/object-path";

const PAGE = 1_000;

export interface LineageOptions {
  readonly upstream: boolean;
  readonly downstream: boolean;
}

export interface AuditOptions {
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

/** Hands on the tags at and beneath an object. */
export function eachTag(api: ConnectionsApi, text: string, print: (tag: Tag) => void): Promise<void> {
  const objectPath = parseObjectPath(text);
  return eachHit((page) => api.listTags(objectPath, page), print);
}

/** Hands on the edges that touch an object or anything beneath it; without an option those of both directions. */
export function eachEdge(
  api: ConnectionsApi,
  text: string,
  { upstream, downstream }: LineageOptions,
  print: (edge: LineageEdge) => void,
): Promise<void> {
  const objectPath = parseObjectPath(text);
  const direction = upstream === downstream ? {} : ({ direction: upstream ? "upstream" : "downstream" } as const);
  return eachHit((page) => api.listLineage(objectPath, { ...page, ...direction }), print);
}

/** Hands on the statements that used an object or anything beneath it, newest first. */
export function eachQuery(
  api: ConnectionsApi,
  text: string,
  { since, until, limit }: AuditOptions,
  print: (query: QueryRecord) => void,
): Promise<void> {
  const objectPath = parseObjectPath(text);
  const dates = { ...(since !== undefined && { startDate: since }), ...(until !== undefined && { endDate: until }) };
  return eachHit((page) => api.listQueries(objectPath, { ...page, ...dates }), print, limit);
}

async function eachHit<Hit>(
  list: (page: { size: number; after?: string }) => Promise<Part<Hit>>,
  print: (hit: Hit) => void,
  limit = Infinity,
): Promise<void> {
  let left = limit;
  for (let after: string | null | undefined; after !== null && left > 0;) {
    const { hits, next } = await list({ size: Math.min(left, PAGE), ...(after && { after }) });
    hits.forEach(print);
    left -= hits.length;
    after = next;
  }
}

export function tagLine({ objectPath, column, name, value }: Tag): string {
  return `${endText({ objectPath, column })}  ${name} = ${value}`;
}

export function edgeLine({ source, target, kind, lastSeen }: LineageEdge): string {
  return `${endText(source)} -> ${endText(target)}  ${kind}, last seen ${lastSeen}`;
}

export function queryLine({ at, user, role, statementType, succeeded, objects }: QueryRecord): string {
  const uses = objects.map(({ objectPath, access, columns }) => {
    return `${access} ${formatObjectPath(objectPath)}${columns.length === 0 ? "" : ` (${columns.join(", ")})`}`;
  });
  const who = role === null ? user : `${user} as ${role}`;
  return [at, who, `${statementType}${succeeded ? "" : " (failed)"}`, uses.join("; ")].join("  ");
}

function endText({ objectPath, column }: LineageEnd): string {
  return `${formatObjectPath(objectPath)}${column === null ? "" : ` column ${column}`}`;
}
