// Runs SQL on a database of the sample warehouse: node tools/warehouse-sql.mjs [database] "SQL"

import { ResultReturnType } from "@duckdb/node-api";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { sampleWarehouseFolder as folder, withDatabase } from "./sample-warehouse.mjs";

const SHOWN_ROWS = 50;
const SHOWN_WIDTH = 40;

async function main(args) {
  const databases = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".duckdb"))
        .sort()
    : [];
  const names = databases.map((name) => path.basename(name, ".duckdb"));
  if (names.length === 0) throw new Error("There is no sample warehouse yet: run npm start first.");

  const [name, sql] = args.length > 1 ? args : [names[0], args[0]];
  if (!sql?.trim() || args.length > 2) {
    throw new Error(`Usage: npm run warehouse -- [${names.join(" | ")}] "SQL"   (default: ${names[0]})`);
  }
  if (!names.includes(name)) throw new Error(`There is no database "${name}", only ${names.join(" and ")}.`);

  await withDatabase(path.join(folder, `${name}.duckdb`), {}, async (connection) => {
    const statements = await connection.extractStatements(sql);
    if (statements.count === 0) throw new Error("There is no statement in this SQL.");
    for (let index = 0; index < statements.count; index++) {
      const statement = await statements.prepare(index);
      const reader = await statement.runAndReadUntil(SHOWN_ROWS + 1);
      if (reader.returnType === ResultReturnType.QUERY_RESULT) printRows(reader.columnNames(), reader.getRowsJson());
    }
    console.log(`${name}: ${statements.count === 1 ? "done" : `${statements.count} statements done`}`);
  });
}

function printRows(columns, rows) {
  const shown = rows.slice(0, SHOWN_ROWS).map((row) => row.map(cell));
  const widths = columns.map((column, index) => Math.max(column.length, ...shown.map((row) => row[index].length)));
  const line = (cells) =>
    cells
      .map((text, index) => text.padEnd(widths[index]))
      .join("  ")
      .trimEnd();
  console.log([line(columns), line(widths.map((width) => "-".repeat(width))), ...shown.map(line)].join("\n"));
  if (rows.length > SHOWN_ROWS) console.log(`... only the first ${SHOWN_ROWS} rows are shown`);
}

function cell(value) {
  const text = value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > SHOWN_WIDTH ? `${text.slice(0, SHOWN_WIDTH - 3)}...` : text;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
