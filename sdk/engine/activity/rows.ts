import type { ObservedDependency, ObservedLineage, ObservedQuery, ObservedTag, TableName } from "../../model/activity";
import type { LineageRow, QueryRow, TagRow } from "../../model/activity-store";
import { toPathKey, type PathKey } from "../../model/path-key";

/** What a platform tells of one connection as rows of the store; one that names no object of the hierarchy is left out. */
export function activityRows(connectionKey: string) {
  return {
    tags: (tags: readonly ObservedTag[]): Omit<TagRow, "source">[] =>
      tags.map(({ database, schema, table, column = null, name, value }) => {
        const path = [connectionKey, database, schema, table].filter((element) => element !== undefined);
        return { key: toPathKey(path), column, name, value };
      }),

    /** Each edge once. A column that is made of itself (a count that goes up) is no edge. */
    lineage: (edges: readonly ObservedLineage[]): LineageRow[] =>
      distinct(
        edges.map(({ source, target, sourceColumn = null, targetColumn = null, at }) => {
          return { ...ends({ source, target }), sourceColumn, targetColumn, kind: "query", ...seen(isoTime(at)) };
        }),
      ),

    dependencies: (edges: readonly ObservedDependency[], at: string): LineageRow[] =>
      distinct(edges.map((edge) => ({ ...ends(edge), sourceColumn: null, targetColumn: null, kind: "dependency", ...seen(at) }))),

    queries: (queries: readonly ObservedQuery[]): QueryRow[] =>
      queries.map((query) => {
        const objects = query.objects.map(({ access, columns, ...table }) => ({ key: keyOf(table), access, columns }));
        return { ...query, at: isoTime(query.at), objects };
      }),
  };

  function ends({ source, target }: ObservedDependency): { source: PathKey; target: PathKey } {
    return { source: keyOf(source), target: keyOf(target) };
  }

  function keyOf({ database, schema, table }: TableName): PathKey {
    return toPathKey([connectionKey, database, schema, table]);
  }
}

function distinct(edges: readonly LineageRow[]): LineageRow[] {
  const found = new Map<string, LineageRow>();
  for (const edge of edges) {
    const { source, target, sourceColumn, targetColumn, kind, firstSeen, lastSeen } = edge;
    if (source === target && sourceColumn === targetColumn) continue;
    const key = JSON.stringify([source, target, sourceColumn, targetColumn, kind]);
    const known = found.get(key) ?? edge;
    found.set(key, {
      ...edge,
      firstSeen: firstSeen < known.firstSeen ? firstSeen : known.firstSeen,
      lastSeen: lastSeen > known.lastSeen ? lastSeen : known.lastSeen,
    });
  }
  return [...found.values()];
}

function seen(at: string): { firstSeen: string; lastSeen: string } {
  return { firstSeen: at, lastSeen: at };
}

/** In the one form whose order as text is the order of time. */
export function isoTime(at: string): string {
  return new Date(at).toISOString();
}
