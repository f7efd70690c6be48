import pLimit from "p-limit";
import type { TableColumns } from "../../model/platform";
import { chunks } from "./chunks";

/** Statements that read columns side by side. */
const PARALLEL_STATEMENTS = 4;

/** Reads the columns of some tables, schema by schema, at most so many tables in one statement. All have ended before one's failure is thrown. */
export async function columnsBySchema(
  tables: readonly { schema: string; table: string }[],
  tablesPerStatement: number,
  read: (schema: string, tables: readonly string[]) => Promise<TableColumns[]>,
): Promise<TableColumns[]> {
  const bySchema = new Map<string, string[]>();
  for (const { schema, table } of tables) {
    const names = bySchema.get(schema);
    if (names === undefined) bySchema.set(schema, [table]);
    else names.push(table);
  }
  const limit = pLimit(PARALLEL_STATEMENTS);
  const parts = [...bySchema].flatMap(([schema, names]) =>
    chunks(names, tablesPerStatement).map((some) => limit(() => read(schema, some))),
  );
  const settled = await Promise.allSettled(parts);
  return settled.flatMap((part) => {
    if (part.status === "rejected") throw part.reason;
    return part.value;
  });
}
