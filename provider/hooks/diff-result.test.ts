import { connectionKind } from "./core/connection-kind";
import { diffResult } from "./diff-result";

const recorded = {
  connectionKey: "w",
  connection: { technology: "DuckDB", databases: { a: "a.duckdb" } },
  settings: { isActive: true, activateNewChildren: false },
  objectPath: ["w"],
  counts: { tables: 3 },
};
const { objectPath: _objectPath, counts: _counts, ...inputs } = recorded;
const changed = { changes: undefined, deleteBeforeReplace: true };

it.each([
  ["nothing, keys in another order", { ...inputs, settings: { activateNewChildren: false, isActive: true } }, { changes: false }],
  ["a drift note", { ...inputs, drift: ["table x appeared"] }, { ...changed, replaces: [] }],
  ["a drift note that is empty", { ...inputs, drift: [] }, { changes: false }],
  ["a setting", { ...inputs, settings: { isActive: true } }, { ...changed, replaces: [] }],
  ["settings left out", { connectionKey: "w", connection: inputs.connection }, { ...changed, replaces: [] }],
  ["the key", { ...inputs, connectionKey: "v" }, { ...changed, replaces: ["connectionKey"] }],
  ["the technology", { ...inputs, connection: { technology: "Snowflake" } }, { ...changed, replaces: ["technology"] }],
  ["a file", { ...inputs, connection: { technology: "DuckDB", databases: { a: "b.duckdb" } } }, { ...changed, replaces: [] }],
])("tells the engine what to do about %s", (_, news, expected) => {
  expect(diffResult(connectionKind, recorded, news)).toEqual(expected);
});
