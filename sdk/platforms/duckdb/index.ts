import { z } from "zod";
import type { Platform } from "../../model/platform";
import { duckdbConnectionSchema, withAbsoluteFiles } from "./connection";

/** DuckDB, the embedded platform: files as databases, tables and views. */
export const duckdb: Platform = {
  technology: "DuckDB",
  connectionSchema: duckdbConnectionSchema,
  integrationConfigSchema: z.strictObject({}),
  normalize: (connection, baseDirectory) => withAbsoluteFiles(duckdbConnectionSchema.parse(connection), baseDirectory),
  accountIdentities: (connection) => Object.values(duckdbConnectionSchema.parse(connection).databases).map((file) => `DuckDB file ${file}`),
  deriveNativeIntegration: () => ({ type: "DuckDB", autoBootstrap: false, config: {} }),
  open: async (connection) => (await import("./session.js")).openDuckdb(duckdbConnectionSchema.parse(connection)),
};
