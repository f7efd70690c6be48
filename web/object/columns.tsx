import type { ObjectEvent } from "../../sdk/model/browsing";
import type { DataObject } from "../../sdk/model/data-object";
import { Empty } from "../parts/notice";
import { Table } from "../parts/table";
import { useEvents, useTags } from "../queries";
import { fromNow, time } from "../words";

interface ColumnNews {
  readonly at: string;
  readonly text: string;
}

/** A table's columns, each with its tags and what the last syncs found changed. */
export function Columns({ object }: { readonly object: DataObject }) {
  const { columns = [], objectPath } = object;
  const news = newsByColumn(useEvents(objectPath).data?.hits ?? []);
  const tags = useTags(objectPath).data?.hits ?? [];
  const removed = [...news].filter(([name, { text }]) => text === "removed" && !columns.some((column) => column.name === name));
  if (columns.length === 0) return <Empty>No columns are recorded.</Empty>;
  return (
    <Table label="Columns" titles={["Column", "Type", "Nullable", "Last change", "Tags and comment"]}>
      {columns.map(({ name, type, nullable, comment }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>
            <code>{type}</code>
          </td>
          <td>{nullable ? "yes" : "no"}</td>
          <td>{news.has(name) && <Change of={news.get(name)!} />}</td>
          <td>
            {tags
              .filter(({ column }) => column === name)
              .map((tag) => (
                <span class="tag" key={tag.name} title={tag.name}>
                  {tag.value === "" ? tag.name : `${tag.name}: ${tag.value}`}
                </span>
              ))}{" "}
            {comment}
          </td>
        </tr>
      ))}
      {removed.map(([name, change]) => (
        <tr key={name} class="gone">
          <th scope="row">{name}</th>
          <td />
          <td />
          <td>
            <Change of={change} />
          </td>
          <td />
        </tr>
      ))}
    </Table>
  );
}

function Change({ of: { at, text } }: { readonly of: ColumnNews }) {
  return (
    <span title={time(at)}>
      <span class="chip changed">{text}</span> <span class="quiet">{fromNow(at)}</span>
    </span>
  );
}

/** The newest change of each column; events come newest first. */
function newsByColumn(events: readonly ObjectEvent[]): Map<string, ColumnNews> {
  const news = new Map<string, ColumnNews>();
  for (const event of events) {
    if (event.kind !== "sync") continue;
    for (const { kind, name, detail } of event.change.columns ?? []) {
      if (!news.has(name)) news.set(name, { at: event.at, text: detail ?? kind });
    }
  }
  return news;
}
