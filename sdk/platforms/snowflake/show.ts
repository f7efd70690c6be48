import { PlatformError } from "../../model/errors";
import { quoteText } from "./quote";

/** SHOW answers at most so many rows at once. */
const PAGE_ROWS = 10_000;

/** A row of SHOW DATABASES or SHOW SCHEMAS. */
export interface Shown {
  readonly name: string;
  readonly comment: string | null;
  readonly owner: string | null;
  /** ISO-8601 UTC. */
  readonly createdAt: string | null;
  /** Of a database: STANDARD, IMPORTED DATABASE, ...; undefined elsewhere. */
  readonly kind: string | undefined;
}

/** A row by the names of its columns. */
type Shows = Readonly<Record<string, unknown>>;

/**
 * All rows of a SHOW statement, page by page: a page starts after the last name of the one before. Names must be unique in
 * what is shown, so it serves databases and the schemas of one database.
 * @throws PlatformError where the server does not go on after that name, instead of asking for ever.
 */
export async function showAll(run: (sql: string) => Promise<Shows[]>, show: string, pageRows = PAGE_ROWS): Promise<Shown[]> {
  const found = new Map<string, Shown>();
  let last: string | undefined;
  for (;;) {
    const rows = (await run(`${show} LIMIT ${pageRows}${last === undefined ? "" : ` FROM ${quoteText(last)}`}`)).map(toShown);
    const before = found.size;
    for (const row of rows) found.set(row.name, row);
    if (rows.length < pageRows) return [...found.values()];
    if (found.size === before) {
      throw new PlatformError(
        `${show}: the server lists the same ${rows.length} rows again after "${last}"; nothing was read. Run it again`,
      );
    }
    last = rows.at(-1)!.name;
  }
}

function toShown(record: Shows): Shown {
  const created = record["created_on"];
  return {
    name: record["name"] as string,
    comment: textOf(record["comment"]),
    owner: textOf(record["owner"]),
    createdAt: created instanceof Date ? created.toISOString() : null,
    kind: record["kind"] as string | undefined,
  };
}

/** SHOW writes what there is not as an empty text. */
function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
