// One measurement in a process of its own: node snowflake-child.mjs WORK PORT STORE. The last line of standard output is the
// result as JSON.

import { measure, syncs } from "./sync-work.mjs";

const USER = { username: "GOV_SYSTEM", password: "correct-horse-battery-staple" };
const PLACE = { warehouse: "GOV_WH", role: "GOV_ROLE" };

const TABLES = `
  SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, IS_DYNAMIC, IS_ICEBERG, IS_TEMPORARY, TABLE_OWNER, COMMENT AS "COMMENT", CREATED, LAST_DDL,
    LAST_ALTERED
  FROM BENCH.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA' ORDER BY TABLE_SCHEMA, TABLE_NAME`;
const COLUMNS = `
  SELECT TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, CHARACTER_OCTET_LENGTH,
    NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, IS_NULLABLE, COMMENT AS "COMMENT"
  FROM BENCH.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'
  ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`;
const OBJECTS = ["SHOW DATABASES", "SHOW SCHEMAS IN DATABASE BENCH", TABLES];

/** The rows of which a sync makes its objects, as a program without this package would read them. */
async function readRows(port, statements) {
  process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION = "true";
  const { default: snowflake } = await import("snowflake-sdk");
  snowflake.configure({ logLevel: "OFF" });
  const connection = snowflake.createConnection({ account: "acme", accessUrl: `http://127.0.0.1:${port}`, ...USER, ...PLACE });
  await new Promise((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  let rows = 0;
  for (const sqlText of statements) {
    await new Promise((resolve, reject) =>
      connection.execute({
        sqlText,
        streamResult: true,
        complete: (error, statement) =>
          error
            ? reject(error)
            : statement
                .streamRows()
                .on("data", () => rows++)
                .on("error", reject)
                .on("end", resolve),
      }),
    );
  }
  await new Promise((resolve) => connection.destroy(resolve));
  return { rows };
}

const [, , work, port, store] = process.argv;
const address = { technology: "Snowflake", hostname: "127.0.0.1", protocol: "http", account: "acme", port: Number(port) };
const works = {
  readAll: () => readRows(port, [...OBJECTS, COLUMNS]),
  list: () => readRows(port, OBJECTS),
  first: () => syncs.first(store, { ...address, ...PLACE, authenticationType: "userPassword", ...USER }),
  resync: () => syncs.resync(store),
};
await measure(works[work]);
