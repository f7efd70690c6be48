import { z } from "zod";
import type { AuditQuery, LineageEdge, LineageQuery, QueryRecord, Tag, TagQuery } from "../../model/activity";
import type { LineagePosition, LineageRow, LineageSide, QueryRow, TagRow } from "../../model/activity-store";
import type { Part } from "../../model/connections-api";
import { moment } from "../../model/job-schema";
import type { ObjectPath } from "../../model/object-path";
import { fromPathKey, type PathKey } from "../../model/path-key";
import type { Store } from "../../model/store";
import { parse } from "../../model/validate";
import { requireObject } from "../objects";
import { pageSize } from "../page-size";
import { timeSpan } from "../time-span";
import { fromCursor, toCursor } from "./cursor";

const EDGES_PER_READ = 200;

const partQuery = z.strictObject({ after: z.string().optional(), size: z.number().optional() });
const lineageQuery = partQuery.extend({ direction: z.enum(["upstream", "downstream"]).optional() });
const auditQuery = partQuery.extend({ startDate: moment.optional(), endDate: moment.optional() });

/** The tags at and beneath a path. */
export async function listTags(store: Store, path: ObjectPath, query: TagQuery): Promise<Part<Tag>> {
  const { after, size } = parse(partQuery, query);
  const { key } = await requireObject(store, path);
  const position = after === undefined ? undefined : fromCursor(after, 4);
  const behind = position && { key: position[0] ?? "", column: position[1] ?? null, name: position[2] ?? "", source: position[3] ?? "" };
  const limit = pageSize(size);
  const rows = await store.listTags(key, behind, limit + 1);
  return part(rows, limit, toTag, (row) => [row.key, row.column, row.name, row.source]);
}

/**
 * The edges that touch an object or anything beneath it: those into it, then those that only go out of it.
 * @param isShown whether an edge between two objects is among them.
 */
export async function listLineage(
  store: Store,
  path: ObjectPath,
  query: LineageQuery,
  isShown: (ends: readonly ObjectPath[]) => Promise<boolean> = async () => true,
): Promise<Part<LineageEdge>> {
  const { after, size, direction } = parse(lineageQuery, query);
  const { key } = await requireObject(store, path);
  const limit = pageSize(size);
  const shown: SidedRow[] = [];
  for await (const edge of edgesOf(store, key, direction, after)) {
    if (await isShown([fromPathKey(edge.source), fromPathKey(edge.target)])) shown.push(edge);
    if (shown.length > limit) break;
  }
  return part(shown, limit, toEdge, (edge) => [edge.side, edge.source, edge.sourceColumn, edge.target, edge.targetColumn, edge.kind]);
}

type SidedRow = LineageRow & { readonly side: LineageSide };

async function* edgesOf(
  store: Store,
  key: PathKey,
  direction: LineageQuery["direction"],
  after: string | undefined,
): AsyncGenerator<SidedRow> {
  const sides: readonly LineageSide[] = direction === undefined ? ["in", "onlyOut"] : [direction === "upstream" ? "in" : "out"];
  const start = after === undefined ? undefined : lineagePosition(fromCursor(after, 6));
  for (const side of sides.slice(Math.max(0, sides.indexOf(start?.side ?? sides[0]!)))) {
    let behind: LineagePosition | undefined = side === start?.side ? start : undefined;
    for (;;) {
      const rows = await store.listLineage(key, side, behind, EDGES_PER_READ);
      for (const row of rows) yield { ...row, side };
      if (rows.length < EDGES_PER_READ) break;
      behind = rows[rows.length - 1];
    }
  }
}

/** Statements that used an object or anything beneath it, newest first. */
export async function listQueries(store: Store, path: ObjectPath, query: AuditQuery): Promise<Part<QueryRecord>> {
  const { after, size, ...dates } = parse(auditQuery, query);
  const { key } = await requireObject(store, path);
  const position = after === undefined ? undefined : fromCursor(after, 2);
  const behind = position && { at: position[0] ?? "", id: position[1] ?? "" };
  const limit = pageSize(size);
  const rows = await store.listQueries(key, { ...timeSpan(dates), after: behind, limit: limit + 1 });
  return part(
    rows,
    limit,
    (row) => toRecord(path[0]!, row),
    ({ at, id }) => [at, id],
  );
}

/** One row more than asked for tells whether there is a next part. */
function part<Row, Hit>(rows: readonly Row[], size: number, show: (row: Row) => Hit, position: (row: Row) => (string | null)[]): Part<Hit> {
  const shown = rows.slice(0, size);
  const last = shown[shown.length - 1];
  return { hits: shown.map(show), next: rows.length > size && last !== undefined ? toCursor(position(last)) : null };
}

function lineagePosition(parts: readonly (string | null)[]): LineagePosition & { side: LineageSide } {
  const [side, source, sourceColumn = null, target, targetColumn = null, kind] = parts;
  return {
    side: side as LineageSide,
    source: source ?? "",
    sourceColumn,
    target: target ?? "",
    targetColumn,
    kind: kind as LineagePosition["kind"],
  };
}

function toTag({ key, column, name, value, source }: TagRow): Tag {
  return { objectPath: [...fromPathKey(key)], column, name, value, source };
}

function toEdge({ source, sourceColumn, target, targetColumn, kind, firstSeen, lastSeen }: LineageRow): LineageEdge {
  return {
    source: { objectPath: [...fromPathKey(source)], column: sourceColumn },
    target: { objectPath: [...fromPathKey(target)], column: targetColumn },
    kind,
    firstSeen,
    lastSeen,
  };
}

function toRecord(connectionKey: string, { objects, ...query }: QueryRow): QueryRecord {
  return { connectionKey, ...query, objects: objects.map(({ key, ...access }) => ({ objectPath: [...fromPathKey(key)], ...access })) };
}
