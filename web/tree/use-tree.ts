import { useQueries } from "@tanstack/preact-query";
import { useRef } from "preact/hooks";
import type { DataObject } from "../../sdk/model/data-object";
import type { Page } from "../../sdk/model/connections-api";
import { toText, type ObjectPath } from "../object-path";
import { PAGE_ROWS, childrenQuery, tagsOfQuery } from "../queries";
import { TreeLayout, type ExpandedObjects, type Place } from "./layout";

export interface TreeRow {
  readonly row: number;
  readonly place: Place;
  /** Undefined while it is being read. */
  readonly object: DataObject | undefined;
  readonly tags: readonly string[];
}

export interface Tree {
  readonly layout: TreeLayout;
  readonly rowsOf: (rows: readonly number[]) => TreeRow[];
  readonly error: Error | null;
  readonly isWaiting: boolean;
}

/**
 * Reads pages of an expanded tree, and the first of each branch for its number of children.
 * @param wantedRows rows whose pages are read
 */
export function useTree(expanded: ExpandedObjects, wantedRows: () => readonly number[]): Tree {
  const counts = useRef(new Map<string, number>());
  const layout = new TreeLayout(expanded, (path) => counts.current.get(toText(path)));

  const wanted = new Map<string, { readonly parent: ObjectPath; readonly page: number }>();
  const want = (parent: ObjectPath, page: number) => void wanted.set(`${toText(parent)} ${page}`, { parent, page });
  want([], 0);
  for (const { path } of expanded.values()) if (!counts.current.has(toText(path))) want(path, 0);
  for (const row of wantedRows()) {
    const place = layout.placeOf(row);
    if (place !== undefined) want(place.parent, Math.floor(place.index / PAGE_ROWS));
  }
  const pages = [...wanted.values()];
  const answers = useQueries({ queries: pages.map(({ parent, page }) => childrenQuery(parent, page)) });

  const byPage = new Map<string, Page<DataObject>>();
  let isStale = false;
  for (const [index, { data }] of answers.entries()) {
    const { parent, page } = pages[index]!;
    if (data === undefined) continue;
    byPage.set(`${toText(parent)} ${page}`, data);
    isStale ||= counts.current.get(toText(parent)) !== data.count;
    counts.current.set(toText(parent), data.count);
  }
  const current = isStale ? new TreeLayout(expanded, (path) => counts.current.get(toText(path))) : layout;

  const tagAnswers = useQueries({ queries: [...byPage.values()].map(tagsOfQuery) });
  const tags = new Map<string, string[]>();
  for (const { data } of tagAnswers) {
    for (const { objectPath, name } of data?.hits ?? []) {
      const key = toText(objectPath);
      tags.set(key, [...(tags.get(key) ?? []), name]);
    }
  }

  return {
    layout: current,
    error: answers.find(({ error }) => error !== null)?.error ?? null,
    isWaiting: !counts.current.has(""),
    rowsOf: (rows) =>
      rows.flatMap((row) => {
        const place = current.placeOf(row);
        if (place === undefined) return [];
        const page = byPage.get(`${toText(place.parent)} ${Math.floor(place.index / PAGE_ROWS)}`);
        const object = page?.hits[place.index % PAGE_ROWS];
        return [{ row, place, object, tags: object === undefined ? [] : (tags.get(toText(object.objectPath)) ?? []) }];
      }),
  };
}
