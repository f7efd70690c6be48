import { useInfiniteQuery } from "@tanstack/preact-query";
import { useEffect, useRef } from "preact/hooks";
import type { DataObject, ObjectType } from "../../sdk/model/data-object";
import { nameOf } from "../object-path";
import { Link } from "../parts/link";
import { Empty, Failure } from "../parts/notice";
import { MissingChip, StatusChip, originOf } from "../parts/status";
import { useVirtual } from "../parts/use-virtual";
import { findQuery } from "../queries";
import { browseAddress, go, queryText } from "../routing";
import { TypeIcon } from "../tree/type-icon";
import { number } from "../words";

const ROW_PIXELS = 46;
const ROWS_AHEAD = 8;

const TYPES = ["connection", "database", "schema", "table", "view"].concat([
  "materialized view",
  "external table",
  "event table",
  "iceberg table",
  "dynamic table",
  "streaming table",
]) as readonly ObjectType[];

/** All objects that pass the filters, which are the address. */
export function Search({ parameters }: { readonly parameters: URLSearchParams }) {
  const filter = filterOf(parameters);
  const isAsked = Object.keys(filter).length > 0;
  const found = useInfiniteQuery({ ...findQuery(filter), enabled: isAsked });
  const hits = found.data?.pages.flatMap((page) => page.hits) ?? [];
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtual({
    count: hits.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    overscan: ROWS_AHEAD,
  });
  const items = virtual.getVirtualItems();
  const isNearEnd = (items[items.length - 1]?.index ?? 0) >= hits.length - ROWS_AHEAD;
  const { hasNextPage, isFetching, fetchNextPage, isPlaceholderData } = found;
  // A part may be empty and still go on: the search looks through so many objects at a time.
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetching && !isPlaceholderData && found.error === null) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetching, isPlaceholderData, hits.length]);

  return (
    <section class="search" aria-label="Search">
      <h1 class="visually-hidden">Search</h1>
      <Filters parameters={parameters} />
      {found.error !== null && <Failure error={found.error} retry={found.refetch} />}
      <p class="quiet" role="status">
        {resultText(isAsked, isFetching, hasNextPage, hits.length)}
      </p>
      <div ref={box} class="results" tabIndex={0} role="region" aria-label="Found objects">
        <ul style={{ height: `${virtual.getTotalSize()}px` }}>
          {items.map(({ index, start }) => {
            const object = hits[index];
            return object === undefined ? null : <Hit key={object.id} object={object} top={start} index={index} count={hits.length} />;
          })}
        </ul>
      </div>
      {isAsked && !isFetching && !hasNextPage && hits.length === 0 && found.error === null && (
        <Empty>No object passes these filters.</Empty>
      )}
    </section>
  );
}

function resultText(isAsked: boolean, isFetching: boolean, hasMore: boolean, count: number): string {
  if (!isAsked) return "Type a part of a name, or choose a filter.";
  if (isFetching) return `Searching… ${number(count)} so far`;
  return hasMore ? `${number(count)} and more: scroll on` : `${number(count)} found`;
}

function Hit({
  object,
  top,
  index,
  count,
}: {
  readonly object: DataObject;
  readonly top: number;
  readonly index: number;
  readonly count: number;
}) {
  return (
    <li style={{ transform: `translateY(${top}px)` }} aria-setsize={count} aria-posinset={index + 1}>
      <TypeIcon type={object.objectType} />
      <span class="found">
        <Link to={browseAddress(object.objectPath)} class={object.missingSince === null ? "" : "gone"}>
          {nameOf(object.objectPath)}
        </Link>
        <span class="quiet">{[...object.objectPath.slice(0, -1), object.objectType].join(" / ")}</span>
      </span>
      <span class="marks">
        <MissingChip object={object} />
        <span class="quiet origin">{originOf(object)}</span>
        <StatusChip object={object} />
      </span>
    </li>
  );
}

function Filters({ parameters }: { readonly parameters: URLSearchParams }) {
  const value = (name: string) => parameters.get(name) ?? "";
  const set = (name: string, next: string) => go(searchAddress(parameters, { [name]: next }), { replace: true });
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} role="search" aria-label="Filters">
      <label>
        Status
        <select value={value("status")} onChange={(event) => set("status", event.currentTarget.value)}>
          <option value="">any</option>
          <option value="active">active</option>
          <option value="inactive">inactive</option>
        </select>
      </label>
      <label>
        Type
        <select value={value("type")} onChange={(event) => set("type", event.currentTarget.value)}>
          <option value="">any</option>
          {TYPES.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </label>
      <label>
        Tag
        <input
          type="text"
          value={value("tag")}
          placeholder="exact name"
          onChange={(event) => set("tag", event.currentTarget.value)}
          autocomplete="off"
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={value("missing") === "yes"}
          onChange={(event) => set("missing", event.currentTarget.checked ? "yes" : "")}
        />
        missing
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={value("set") === "here"}
          onChange={(event) => set("set", event.currentTarget.checked ? "here" : "")}
        />
        set here
      </label>
    </form>
  );
}

/** The address of a search that differs in some filters; an empty one is left out. */
export function searchAddress(parameters: URLSearchParams, change: Readonly<Record<string, string>>): string {
  return `/search${queryText({ ...Object.fromEntries(parameters), ...change })}`;
}

function filterOf(parameters: URLSearchParams): Record<string, unknown> {
  const text = parameters.get("text")?.trim() ?? "";
  const [state, type, tag] = [parameters.get("status"), parameters.get("type"), parameters.get("tag")?.trim()];
  return {
    ...(text !== "" && { searchText: text }),
    ...((state === "active" || state === "inactive") && { state }),
    ...(TYPES.some((one) => one === type) && { objectTypes: [type] }),
    ...(tag !== undefined && tag !== "" && { tag }),
    ...(parameters.get("missing") === "yes" && { isMissing: true }),
    ...(parameters.get("set") === "here" && { isSetHere: true }),
  };
}
