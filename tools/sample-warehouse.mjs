// Makes the quickstart's warehouse: two DuckDB files filled from the public data sets of the npm package
// vega-datasets. A file that is there already is left alone, because changing it is how one gets to see drift.

import { DuckDBInstance } from "@duckdb/node-api";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

export const sampleWarehouseFolder = path.join(root, "examples", "quickstart-duckdb", "warehouse");

const csv = (name) => `read_csv_auto(${literal(dataFile(name))})`;
const json = (name) => `read_json_auto(${literal(dataFile(name))})`;

/** Name of a table or view: its query and, where a reader would wonder, a comment. */
const databases = {
  economy: {
    tables: {
      "main.countries": [
        () => `SELECT country, year, pop AS population, life_expect, fertility FROM ${json("gapminder.json")}`,
        "Population, life expectancy and fertility by country, 1955 to 2005 (Gapminder)",
      ],
      "main.country_income": [
        () => `SELECT country, region, income, health AS life_expectancy, population
               FROM ${csv("gapminder-health-income.csv")}`,
        "Income per person and life expectancy by country (Gapminder)",
      ],
      "labour.employment": [
        () => `SELECT * RENAME (trade_transportation_utilties AS trade_transportation_utilities)
               FROM ${csv("us-employment.csv")}`,
        "US employment by sector and month, in thousands (Bureau of Labor Statistics)",
      ],
      "labour.unemployment": [
        () => `SELECT series AS industry, make_date(year, month, 1) AS month, count AS thousands, rate
               FROM ${json("unemployment-across-industries.json")}`,
        "US unemployment by industry and month (Bureau of Labor Statistics)",
      ],
      "budget.forecasts": [() => `SELECT budgetYear AS budget_year, forecastYear AS forecast_year, value FROM ${json("budgets.json")}`],
      "budget.receipts": [
        () => `SELECT "Agency name" AS agency, "Bureau name" AS bureau, "Account name" AS account,
                      "Source category name" AS category
               FROM ${json("budget.json")}`,
        "Where the US federal government takes money in (Office of Management and Budget)",
      ],
    },
    views: {
      "labour.unemployment_by_year": [
        () => `SELECT industry, year(month) AS year, round(avg(rate), 2) AS average_rate
               FROM labour.unemployment GROUP BY ALL ORDER BY ALL`,
      ],
    },
  },
  travel: {
    tables: {
      "main.airports": [() => `SELECT * FROM ${csv("airports.csv")}`, "Airports of the United States with their position"],
      "main.flights": [
        () => `SELECT strptime(date, '%Y/%m/%d %H:%M') AS departed_at, delay, distance, origin, destination
               FROM ${json("flights-10k.json")}`,
        "Flights of 2001 with their delay in minutes (Bureau of Transportation Statistics)",
      ],
      "main.routes": [
        () => `SELECT origin, destination, count AS flights FROM ${csv("flights-airport.csv")}`,
        "Flights between two airports in 2008",
      ],
      "safety.wildlife_strikes": [
        () => `SELECT "Flight Date" AS flight_date, "Airport Name" AS airport, "Aircraft Make Model" AS aircraft,
                      "Phase of flight" AS phase, "Wildlife Species" AS species, "Effect Amount of damage" AS damage,
                      "Cost Total $" AS cost_usd
               FROM ${csv("birdstrikes.csv")}`,
        "Animals hit by aircraft (Federal Aviation Administration)",
      ],
      "weather.daily": [() => `SELECT * FROM ${csv("weather.csv")}`, "Weather by day in Seattle and New York (NOAA)"],
      "weather.hourly_normals": [() => `SELECT * FROM ${csv("seattle-weather-hourly-normals.csv")}`],
    },
    views: {
      "main.busiest_airports": [
        () => `SELECT iata, name, city, sum(flights) AS departures
               FROM main.routes JOIN main.airports ON origin = iata
               GROUP BY ALL ORDER BY departures DESC LIMIT 20`,
        "The twenty airports with the most departures in 2008",
      ],
      "safety.strikes_by_species": [
        () => `SELECT species, count(*) AS strikes, sum(cost_usd) AS cost_usd
               FROM safety.wildlife_strikes GROUP BY species ORDER BY strikes DESC`,
      ],
    },
  },
};

/**
 * @param {string} [folder]
 * @returns {Promise<{ databases: { name: string, file: string, created: boolean, schemas: number, tables: number,
 *   views: number, rows: number }[], tables: number, views: number, rows: number }>}
 */
export async function makeSampleWarehouse(folder = sampleWarehouseFolder) {
  await mkdir(folder, { recursive: true });
  const made = [];
  for (const [name, content] of Object.entries(databases)) {
    const file = path.join(folder, `${name}.duckdb`);
    const created = !existsSync(file);
    if (created) await makeDatabase(file, content);
    made.push({ name, file, created, ...(await count(file)) });
  }
  const total = (what) => made.reduce((sum, database) => sum + database[what], 0);
  return { databases: made, tables: total("tables"), views: total("views"), rows: total("rows") };
}

async function makeDatabase(file, { tables, views }) {
  // Under the final name in a folder of its own, as a database's name is its file's name; then moved, so that
  // a killed run leaves no half-filled database behind.
  const partial = await mkdtemp(path.join(path.dirname(file), ".partial-"));
  try {
    const partialFile = path.join(partial, path.basename(file));
    await withDatabase(partialFile, {}, async (connection) => {
      for (const [kind, objects] of Object.entries({ TABLE: tables, VIEW: views })) {
        for (const [name, [query, comment]] of Object.entries(objects)) {
          await connection.run(`CREATE SCHEMA IF NOT EXISTS ${name.split(".")[0]}`);
          await connection.run(`CREATE ${kind} ${name} AS ${query()}`);
          if (comment) await connection.run(`COMMENT ON ${kind} ${name} IS ${literal(comment)}`);
        }
      }
      await connection.run("CHECKPOINT");
    });
    await rename(partialFile, file);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function count(file) {
  try {
    return await withDatabase(file, { access_mode: "READ_ONLY" }, async (connection) => {
      const reader = await connection.runAndReadAll(`
        SELECT (SELECT count(*) FROM duckdb_schemas()
                WHERE database_name = current_database() AND schema_name NOT IN ('information_schema', 'pg_catalog')),
               (SELECT count(*) FROM duckdb_tables()),
               (SELECT count(*) FROM duckdb_views() WHERE NOT internal),
               (SELECT coalesce(sum(estimated_size), 0) FROM duckdb_tables())`);
      const [schemas, tables, views, rows] = reader.getRows()[0].map(Number);
      return { schemas, tables, views, rows };
    });
  } catch (error) {
    throw new Error(`${file} cannot be opened: ${error.message}\nClose the program that uses it, or delete the file to have it made anew.`);
  }
}

/** Opens a DuckDB file, and closes it at once afterwards: an open file is locked for every other process. */
export async function withDatabase(file, options, use) {
  const instance = await DuckDBInstance.create(file, options);
  try {
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

function dataFile(name) {
  // Found from its entry point, the only file that the package lets others resolve.
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  return path.resolve(path.dirname(entry), "..", "data", name);
}

function literal(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

export function warehouseSummary({ databases, tables, views, rows }) {
  const names = databases.map((database) => database.name).join(" and ");
  return `${names}: ${tables} tables and ${views} views, ${rows.toLocaleString("en")} rows`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const folder = process.argv[2] && path.resolve(process.argv[2]);
    console.log(warehouseSummary(await makeSampleWarehouse(folder)));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
