import { z } from "zod";
import { findPlatform } from "./technology";
import { settingsSchema } from "./settings-schema";
import { problemsOf, throwProblems, type Problem } from "./validate";
import type { Platform } from "./platform";
import type { SetupRequest } from "./setup-script";

/** Names of sibling routes of the HTTP API, which a connection key would be taken for. */
const RESERVED_KEYS = ["data", "connection", "object", "crawl", "search", "settings", "metadata", "permission", "sync", "bulk", "upgrade"];

export const connectionKeySchema = z
  .string()
  .min(1, "is empty; give the connection a key")
  .refine((key) => !RESERVED_KEYS.includes(key.toLowerCase()), {
    error: `is a reserved word; choose another key than ${RESERVED_KEYS.join(", ")}`,
  });

export const optionsSchema = z.strictObject({ forceRecursiveCrawl: z.boolean().optional() });

const nativeIntegrationSchema = z.strictObject({
  type: z.string(),
  autoBootstrap: z.literal(false),
  config: z.record(z.string(), z.unknown()),
  unityCatalog: z.boolean().optional(),
});

const names = z.array(z.string().min(1, "is empty; give a name")).optional();

/** The integration that is planned, and what it is to see (ours). */
export const setupSchema = nativeIntegrationSchema.extend({
  databases: names,
  importedDatabases: names,
  principal: z.string().min(1, "is empty; give a name").optional(),
});

const updateSchema = z.strictObject({
  connection: z.looseObject({ technology: z.string() }),
  nativeIntegration: nativeIntegrationSchema.optional(),
});

const registrationSchema = z.strictObject({
  connectionKey: connectionKeySchema,
  ...updateSchema.shape,
  settings: settingsSchema.optional(),
  options: optionsSchema.optional(),
});

/** Everything wrong with the body of a registration, its platform's part included. */
export function registrationProblems(platforms: readonly Platform[], value: unknown): Problem[] {
  return [...problemsOf(registrationSchema, value), ...connectionProblems(platforms, value)];
}

/** Everything wrong with the body of a change of connection information, its platform's part included. */
export function updateProblems(platforms: readonly Platform[], value: unknown): Problem[] {
  return [...problemsOf(updateSchema, value), ...connectionProblems(platforms, value)];
}

/**
 * The platform that a setup script is asked for, its part of the request checked too.
 * @throws BadRequestError for whatever is wrong with it.
 */
export function platformOfSetup(platforms: readonly Platform[], request: SetupRequest): Platform {
  throwProblems(problemsOf(setupSchema, request));
  const platform = findPlatform(platforms, request.type, "type");
  throwProblems(problemsOf(platform.integrationConfigSchema, request.config, ["config"]));
  return platform;
}

/**
 * Everything wrong with `connection` and `nativeIntegration.config`; nothing, where they are not there or no objects.
 * @throws BadRequestError for an unknown technology.
 */
export function connectionProblems(platforms: readonly Platform[], value: unknown): Problem[] {
  const { connection, nativeIntegration } = (value ?? {}) as { connection?: unknown; nativeIntegration?: unknown };
  if (!isObject(connection) || typeof connection["technology"] !== "string") return [];
  const platform = findPlatform(platforms, connection["technology"]);
  const problems = problemsOf(platform.connectionSchema, connection, ["connection"]);
  if (!isObject(nativeIntegration)) return problems;
  const type = nativeIntegration["type"];
  if (typeof type === "string" && type !== platform.technology) {
    problems.push({
      path: ["nativeIntegration", "type"],
      field: "nativeIntegration.type",
      reason: `expected "${platform.technology}", the technology of connection`,
    });
  }
  if (platform.unityCatalog === true && nativeIntegration["unityCatalog"] !== true) {
    problems.push({
      path: ["nativeIntegration", "unityCatalog"],
      field: "nativeIntegration.unityCatalog",
      reason: `expected true; ${platform.technology} is governed through Unity Catalog only`,
    });
  }
  if (isObject(nativeIntegration["config"])) {
    problems.push(...problemsOf(platform.integrationConfigSchema, nativeIntegration["config"], ["nativeIntegration", "config"]));
  }
  return problems;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
