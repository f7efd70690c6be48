// How long the conversion of V2 files takes, as a ratio to parsing their YAML, and how its memory grows with their number.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ratios, spread } from "./statistics.mjs";

const CHILD = fileURLToPath(new URL("convert-child.mjs", import.meta.url));

export function benchmarkConvert({ files, rounds, log }) {
  return { rounds, results: [Math.ceil(files / 10), files].map((count) => measure(count, rounds, log)) };
}

function measure(count, rounds, log) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "connections-convert-"));
  try {
    for (let index = 0; index < count; index++) writeFileSync(path.join(folder, `r${index}.yaml`), registration(index));
    const runs = Array.from({ length: rounds }, (_, round) => {
      log(`convert: ${count} files, round ${round + 1}`);
      return Object.fromEntries(["parse", "convert"].map((work) => [work, run(work, folder)]));
    });
    const of = (work, field) => runs.map((one) => one[work][field]);
    return {
      files: count,
      filesPerSecond: spread(of("convert", "milliseconds").map((ms) => (count / ms) * 1e3)),
      ratio: ratios(of("convert", "milliseconds"), of("parse", "milliseconds")),
      parsePeakBytes: spread(of("parse", "peakBytes")),
      peakBytes: spread(of("convert", "peakBytes")),
      heldBytes: spread(of("convert", "heldBytes")),
      heldBytesPerFile: spread(of("convert", "heldBytes").map((bytes) => bytes / count)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(work, folder) {
  return JSON.parse(execFileSync(process.execPath, ["--expose-gc", CHILD, work, folder], { encoding: "utf8" }));
}

function registration(index) {
  const tables = [0, 1, 2].map((table) => `  - table: TABLE_${table}\n    naming: {datasource: Table ${index} ${table}}\n`).join("");
  return `connectionKey: key${index}
connection:
  handler: Snowflake
  hostname: acme.snowflakecomputing.com
  database: DB_${index % 100}
  schema: SCHEMA_${index}
  warehouse: WH
  authenticationMethod: userPassword
  username: svc
  password: made-up
  connectionStringOptions: role=READER
owners:
  - {type: group, name: data-eng, iam: okta}
${index % 2 === 0 ? `sources:\n${tables}` : ""}`;
}
