import { expressionBuilder, sql, type Expression, type RawBuilder } from "kysely";
import type { StoreSchema } from "../schema";

/**
 * Whether a text has a part, upper and lower case of ASCII letters alike; other letters are as they are. `instr` is SQLite's; other
 * backends' compilers give it their name.
 */
export function contains(text: Expression<string>, part: string): RawBuilder<boolean> {
  const position = expressionBuilder<StoreSchema>().fn<number>("instr", [sql`lower(${text})`, sql`${lowered(part)}`]);
  return sql<boolean>`${position} > 0`;
}

/** Not by the database: PostgreSQL lowers more letters of a value than of a column that is ordered by bytes. */
function lowered(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
