/**
 * Sources run through swc; relative imports may end in `.js`, as the built package needs for lazy ones. Examples import the
 * package by its name.
 */
const project = {
  rootDir: __dirname,
  testEnvironment: "node",
  // Pulumi's SDK looks at what it keeps on the global object once more after its tests have ended.
  testEnvironmentOptions: { globalsCleanup: "off" },
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } }],
  },
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    "^pulumi-connections$": "<rootDir>/provider/index.ts",
    "^pulumi-connections/(databricks|snowflake)$": "<rootDir>/provider/$1.ts",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
};

/**
 * The Databricks driver's `thrift` brings an `uuid` that is an ES module, which Node loads from CommonJS, but jest does not; the driver's
 * own is none.
 */
const uuid = require.resolve("uuid", { paths: [require.resolve("@databricks/sql")] });

/** What runs on a store in a file (unit), runs on one in PostgreSQL too. */
const onEveryStore = [
  "<rootDir>/sdk/engine/**/*.test.ts",
  "<rootDir>/tests/contract/{engine,upgrades}.test.ts",
  "<rootDir>/tests/property/*.test.ts",
];
/** Tests that take too long for every day. */
const isSoak = Boolean(process.env["SOAK"]);
/** A suite against somebody's server: only where it is named, or asked for by `--selectProjects tenant`. */
const asksForTenant = process.argv.includes("tenant") || Boolean(process.env["CONNECTIONS_TENANT_CONNECTION"]);

/** @type {import("jest").Config} */
module.exports = {
  projects: [
    {
      ...project,
      displayName: "unit",
      testMatch: ["<rootDir>/{sdk,provider}/**/*.test.ts", "<rootDir>/tests/{contract,examples,golden,property}/**/*.test.ts"],
    },
    {
      ...project,
      displayName: "e2e",
      testMatch: ["<rootDir>/tests/{e2e,cli,fault}/**/*.test.ts"],
      globalSetup: "<rootDir>/tests/e2e/global-setup.ts",
    },
    ...(asksForTenant ? [{ ...project, displayName: "tenant", testMatch: ["<rootDir>/tests/tenant/**/*.test.ts"] }] : []),
    {
      ...project,
      displayName: "postgres",
      testMatch: ["<rootDir>/tests/postgres/**/*.test.ts", ...onEveryStore],
      // What callers may do is decided above the store.
      testPathIgnorePatterns: isSoak ? [] : ["permissions/permissions.test.ts"],
      setupFilesAfterEnv: ["<rootDir>/tests/postgres/stores-in-postgres.ts"],
      globalSetup: "<rootDir>/tests/postgres/global-setup.ts",
      globalTeardown: "<rootDir>/tests/postgres/global-teardown.ts",
    },
    {
      ...project,
      displayName: "page",
      testMatch: ["<rootDir>/tests/page/**/*.test.ts"],
      globalSetup: "<rootDir>/tests/page/global-setup.ts",
    },
    {
      ...project,
      displayName: "peers",
      moduleNameMapper: { ...project.moduleNameMapper, "^uuid$": uuid },
      testMatch: ["<rootDir>/tests/peers/**/*.test.ts"],
      globalSetup: "<rootDir>/tests/peers/global-setup.ts",
      globalTeardown: "<rootDir>/tests/peers/global-teardown.ts",
    },
  ],
  testTimeout: 300_000,
  // Of the two cores that there are, tests that wait leave much unused.
  maxWorkers: 3,
};
