// A platform with a company's few tables and, on demand, a great many more: what the infrastructure page is shown and tested with.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { z } = require("zod");
const { feedSwitches, switchedOn } = require("../../dist/sdk/platforms/feed-switches.js");
const { encodeColumns } = require("../../dist/sdk/model/platform.js");

const HOUR = 3_600_000;
const WIDE_TABLES = 100_000;
const TABLES_PER_SCHEMA = 1_000;
const TABLES_PER_BATCH = 500;

const column = (name, type, nullable = true, comment = null) => ({ name, type, nullable, comment });
const ID = column("ID", "NUMBER(38,0)", false);
const at = (hoursAgo) => new Date(Date.now() - hoursAgo * HOUR).toISOString();

const TABLES = {
  CUSTOMERS: [ID, column("NAME", "VARCHAR(200)"), column("EMAIL", "VARCHAR(320)", true, "Personal data"), column("COUNTRY", "VARCHAR(2)")],
  ORDERS: [
    ID,
    column("CUSTOMER_ID", "NUMBER(38,0)", false),
    column("ORDERED_AT", "TIMESTAMP_TZ(9)", false),
    column("AMOUNT", "NUMBER(12,2)"),
    column("CURRENCY", "VARCHAR(3)"),
  ],
  ORDER_ITEMS: [ID, column("ORDER_ID", "NUMBER(38,0)", false), column("PRODUCT", "VARCHAR(80)"), column("QUANTITY", "NUMBER(9,0)")],
  RETURNS: [ID, column("ORDER_ID", "NUMBER(38,0)"), column("REASON", "VARCHAR(500)")],
};
const plain = [ID, column("VALUE", "VARCHAR(200)")];

/** Database to schema to table; each table `[type, columns, comment]`. */
function startingAccount() {
  const table = (columns = plain, type = "table", comment = null) => ({ type, columns, comment });
  return {
    FINANCE: {
      LEDGER: { ACCOUNTS: table(), BALANCES: table(plain, "dynamic table"), POSTINGS: table() },
      REPORTS: { MONTHLY_CLOSE: table(plain, "view"), QUARTERLY_CLOSE: table(plain, "view") },
    },
    HR: { PEOPLE: { ABSENCES: table(), EMPLOYEES: table(), SALARIES: table() } },
    SALES: {
      CORE: {
        CUSTOMERS: table(TABLES.CUSTOMERS, "table", "One row for each customer that ever ordered"),
        ORDERS: table(TABLES.ORDERS, "table", "Orders as they were placed"),
        ORDER_ITEMS: table(TABLES.ORDER_ITEMS),
        RETURNS: table(TABLES.RETURNS, "iceberg table"),
      },
      MART: {
        CUSTOMER_VALUE: table(plain, "materialized view"),
        DAILY_REVENUE: table(plain, "view", "Revenue by day and currency"),
        FORECAST: table(plain, "dynamic table"),
      },
      RAW: { EVENTS: table(plain, "event table"), IMPORTS: table(plain, "external table") },
    },
  };
}

const name = (table, schema = "CORE", database = "SALES") => ({ database, schema, table });
const TAGS = [
  { database: "SALES", name: "GOV.TAGS.DOMAIN", value: "sales" },
  { ...name("CUSTOMERS"), name: "GOV.TAGS.PII", value: "yes" },
  { ...name("CUSTOMERS"), column: "EMAIL", name: "GOV.TAGS.PII", value: "email" },
  { ...name("ORDERS"), name: "GOV.TAGS.RETENTION", value: "7 years" },
  { database: "HR", name: "GOV.TAGS.PII", value: "yes" },
];
const FLOWS = [
  [name("IMPORTS", "RAW"), "ID", name("ORDERS"), "ID"],
  [name("IMPORTS", "RAW"), "VALUE", name("ORDERS"), "AMOUNT"],
  [name("CUSTOMERS"), "ID", name("ORDERS"), "CUSTOMER_ID"],
  [name("ORDERS"), "AMOUNT", name("DAILY_REVENUE", "MART"), "VALUE"],
  [name("ORDERS"), "ID", name("CUSTOMER_VALUE", "MART"), "ID"],
  [name("ORDERS"), "AMOUNT", name("FORECAST", "MART"), "VALUE"],
];

/** Who ran what: a few statements an hour over two days. */
function statements() {
  const users = ["LOOKER", "ANNA", "DBT", "MARTIN"];
  return Array.from({ length: 60 }, (_, index) => ({
    id: `01b2-${String(index).padStart(4, "0")}`,
    at: at(1 + index * 0.8),
    user: users[index % users.length],
    role: index % 3 === 0 ? "ANALYST" : "TRANSFORMER",
    statementType: index % 5 === 0 ? "INSERT" : "SELECT",
    succeeded: index % 11 !== 5,
    hash: `h${index % 7}`,
    objects: [{ ...name(index % 2 === 0 ? "ORDERS" : "CUSTOMERS"), access: index % 5 === 0 ? "write" : "read", columns: ["ID"] }],
  }));
}

/** @param technology how the platform is called */
export function storyPlatform(technology) {
  const state = { account: startingAccount(), pauseMilliseconds: 0 };

  async function* streamObjects({ database, schema, table }, { columns, signal }) {
    for (const [schemaName, tables] of Object.entries(state.account[database] ?? {}).sort()) {
      if (schema !== undefined && schemaName !== schema) continue;
      if (state.pauseMilliseconds > 0) await new Promise((resolve) => setTimeout(resolve, state.pauseMilliseconds));
      signal?.throwIfAborted();
      const rows = table === undefined ? [{ schema: schemaName, objectType: "schema", comment: null, fingerprint: "" }] : [];
      for (const [tableName, one] of Object.entries(tables).sort()) {
        if (table !== undefined && tableName !== table) continue;
        rows.push({
          schema: schemaName,
          table: tableName,
          objectType: one.type,
          comment: one.comment,
          owner: "SYSADMIN",
          createdAt: "2025-11-03T08:15:00.000Z",
          lastAlteredAt: "2026-02-17T10:42:00.000Z",
          fingerprint: JSON.stringify(one),
          ...(columns && { columns: columnsText(one.columns) }),
        });
      }
      yield rows;
    }
  }

  const platform = {
    technology,
    connectionSchema: z.looseObject({ technology: z.literal(technology) }),
    integrationConfigSchema: z.strictObject(feedSwitches),
    normalize: (connection) => connection,
    accountIdentities: ({ hostname }) => [`${technology} ${hostname}`],
    deriveNativeIntegration: () => ({ type: technology, autoBootstrap: false, config: {} }),
    activityFeeds: switchedOn,
    open: async () => ({
      check: async () => undefined,
      listDatabases: async () =>
        Object.keys(state.account)
          .sort()
          .map((database) => ({ name: database, comment: null })),
      streamObjects,
      readColumns: async (database, wanted) =>
        wanted.flatMap(({ schema, table }) => {
          const found = state.account[database]?.[schema]?.[table];
          return found === undefined ? [] : [{ schema, table, columns: columnsText(found.columns) }];
        }),
      activity: {
        latencySeconds: { lineage: 0, audit: 0 },
        serverTime: async () => new Date().toISOString(),
        streamTags: () => one(TAGS),
        streamLineage: (range) => one(inRange(flows(), range)),
        streamQueries: (range) => one(inRange(statements(), range)),
      },
      close: async () => undefined,
    }),
  };

  /** What may happen on the platform between two syncs. */
  const changes = {
    alter() {
      const { CORE, RAW } = state.account.SALES;
      CORE.ORDERS.columns = [
        ...TABLES.ORDERS.map((one) => (one.name === "AMOUNT" ? { ...one, type: "NUMBER(18,2)" } : one)),
        column("CHANNEL", "VARCHAR(20)"),
      ];
      CORE.REFUNDS = { type: "table", columns: plain, comment: null };
      delete RAW.IMPORTS;
    },
    /** Twenty-five tables more, so that their loss is one that is held. */
    grow() {
      for (let index = 0; index < 25; index++)
        state.account.HR.PEOPLE[`SURVEY_${String(index).padStart(2, "0")}`] = { type: "table", columns: plain, comment: null };
    },
    lose() {
      state.account.HR = { PEOPLE: {} };
    },
    slow() {
      state.pauseMilliseconds = 1_000;
    },
    fast() {
      state.pauseMilliseconds = 0;
    },
  };
  return { platform, changes };
}

/** A platform of so many tables: a schema of 100,000 of them, the others by the thousand. */
export function largePlatform(tables) {
  const text = columnsText(plain);
  const schemas = [{ name: "WIDE", tables: Math.min(WIDE_TABLES, tables) }];
  for (let left = tables - WIDE_TABLES; left > 0; left -= TABLES_PER_SCHEMA) {
    schemas.push({ name: `X_${String(schemas.length).padStart(4, "0")}`, tables: Math.min(left, TABLES_PER_SCHEMA) });
  }
  async function* streamObjects(_scope, { columns, signal }) {
    for (const { name: schema, tables: count } of schemas) {
      let batch = [{ schema, objectType: "schema", comment: null, fingerprint: "" }];
      for (let index = 0; index < count; index++) {
        const table = `TABLE_${String(index).padStart(6, "0")}`;
        batch.push({ schema, table, objectType: "table", comment: null, fingerprint: "1", ...(columns && { columns: text }) });
        if (batch.length < TABLES_PER_BATCH) continue;
        signal?.throwIfAborted();
        yield batch;
        batch = [];
      }
      yield batch;
    }
  }
  return {
    technology: "Large",
    connectionSchema: z.strictObject({ technology: z.literal("Large") }),
    integrationConfigSchema: z.strictObject({}),
    normalize: (connection) => connection,
    accountIdentities: () => ["large account"],
    deriveNativeIntegration: () => ({ type: "Large", autoBootstrap: false, config: {} }),
    open: async () => ({
      check: async () => undefined,
      listDatabases: async () => [{ name: "LAKE", comment: null }],
      streamObjects,
      readColumns: async (_database, wanted) => wanted.map(({ schema, table }) => ({ schema, table, columns: text })),
      close: async () => undefined,
    }),
  };
}

function columnsText(columns) {
  return encodeColumns(columns.map((one, index) => ({ ...one, position: index + 1 })));
}

function flows() {
  return FLOWS.map(([source, sourceColumn, target, targetColumn], index) => ({
    source,
    sourceColumn,
    target,
    targetColumn,
    at: at(2 + index),
  }));
}

function inRange(rows, { from, to }) {
  return rows.filter((row) => row.at >= from && row.at < to);
}

async function* one(rows) {
  yield [...rows];
}
