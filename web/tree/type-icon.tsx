import type { ObjectType } from "../../sdk/model/data-object";

const SHAPES: Readonly<Record<"connection" | "database" | "schema" | "table" | "view", string>> = {
  connection: "M3 8a5 5 0 0 1 10 0M8 8v5M5 13h6",
  database: "M3 4c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2Zm0 0v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2",
  schema: "M2 4h5l1.5 2H14v7H2z",
  table: "M2 3h12v10H2zM2 6.5h12M6.5 6.5V13",
  view: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Zm6.5 1.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z",
};

function shapeOf(type: ObjectType): string {
  if (type === "connection" || type === "database" || type === "schema") return SHAPES[type];
  return type.includes("view") ? SHAPES.view : SHAPES.table;
}

export function TypeIcon({ type }: { readonly type: ObjectType }) {
  return (
    <svg class={`icon ${type.split(" ").pop()}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapeOf(type)} />
    </svg>
  );
}
