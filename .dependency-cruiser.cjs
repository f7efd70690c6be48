/** Dependencies point one way: provider -> sdk; in sdk cli, server -> engine -> store, platforms -> model, and client -> model. */
const inSdk = (folder) => `^sdk/${folder}/`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "sdk-knows-no-provider", severity: "error", from: { path: "^sdk/" }, to: { path: "^provider/" } },
    {
      name: "model-imports-nothing-of-ours",
      severity: "error",
      from: { path: inSdk("model") },
      to: { path: "^(sdk/(?!model/)|provider/)" },
    },
    {
      name: "platforms-know-the-model-only",
      severity: "error",
      from: { path: inSdk("platforms") },
      to: { path: "^sdk/(?!platforms/|model/)" },
    },
    { name: "store-knows-the-model-only", severity: "error", from: { path: inSdk("store") }, to: { path: "^sdk/(?!store/|model/)" } },
    {
      name: "engine-knows-nobody-above",
      severity: "error",
      from: { path: inSdk("engine") },
      to: { path: "^sdk/(cli|server|client|governance)/" },
    },
    {
      name: "governance-knows-the-model-only",
      severity: "error",
      from: { path: inSdk("governance") },
      to: { path: "^sdk/(?!governance/|model/)" },
    },
    {
      name: "program-knows-the-model-only",
      severity: "error",
      from: { path: inSdk("program") },
      to: { path: "^sdk/(?!program/|model/)" },
    },
    {
      name: "drift-knows-rules-and-the-model",
      severity: "error",
      from: { path: inSdk("drift") },
      to: { path: "^sdk/(?!drift/|governance/|model/)" },
    },
    { name: "client-knows-the-model-only", severity: "error", from: { path: inSdk("client") }, to: { path: "^sdk/(?!client/|model/)" } },
    { name: "server-knows-no-cli", severity: "error", from: { path: inSdk("server") }, to: { path: "^sdk/(cli|client|store|platforms)/" } },
    {
      name: "resource-classes-stay-light",
      comment: "A program loads them at every command: no hooks, no drivers, no schemas.",
      severity: "error",
      from: { path: "^provider/[^/]+\\.ts$", pathNot: "^provider/shim\\.ts$" },
      to: {
        path: "(^provider/hooks/|^sdk/(engine|store|platforms|cli|server|client)/|node_modules/(zod|kysely|libsql|@duckdb|axios|fastify)/)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "platform-providers-only-by-their-own-entry",
      comment: "Each is installed only by those who use its entry.",
      severity: "error",
      from: { path: "^(provider/(index|hooks/index)|sdk/index|sdk/cli/main)\\.ts$" },
      to: { path: "node_modules/@pulumi/(snowflake|databricks)/", reachable: true },
    },
    {
      name: "hooks-core-knows-no-pulumi",
      severity: "error",
      from: { path: "^provider/hooks/core/" },
      to: { path: "(@pulumi/|^provider/(?!hooks/core/))" },
    },
    {
      name: "drivers-are-loaded-lazily",
      severity: "error",
      from: { path: "^sdk/platforms/([^/]+)/index\\.ts$" },
      to: { path: "node_modules/(@duckdb|snowflake-sdk|@databricks)/" },
    },
    {
      name: "web-knows-http-only",
      comment: "The page is a client like any other: of the package it knows types, and nothing that runs.",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^(sdk|provider|tests)/", pathNot: "^sdk/model/" },
    },
    {
      name: "web-takes-types-only",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^sdk/model/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-knows-web",
      severity: "error",
      from: { path: "^(sdk|provider)/" },
      to: { path: "^web/" },
    },
    {
      name: "no-tests-from-sources",
      severity: "error",
      from: { path: "^(sdk|provider)/", pathNot: "\\.test\\.ts$" },
      to: { path: "(\\.test\\.ts$|^tests/)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["types", "node", "default"] },
  },
};
