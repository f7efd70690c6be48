import { BadRequestError } from "./errors";
import type { Platform } from "./platform";

/** Technologies that registered data sources may be on, but connections may not (contract: upgrade exclusions). */
const EXCLUDED = ["Azure Synapse", "Databricks Spark", "BigQuery", "Redshift", "S3", "Starburst (Trino)"];

/**
 * The platform of a technology.
 * @param field where it was named.
 * @throws BadRequestError naming what is supported.
 */
export function findPlatform(platforms: readonly Platform[], technology: unknown, field = "connection.technology"): Platform {
  const platform = platforms.find((candidate) => candidate.technology === technology);
  if (platform !== undefined) return platform;
  const supported = `supported: ${platforms.map((candidate) => candidate.technology).join(", ")}`;
  if (typeof technology !== "string") throw new BadRequestError(`${field}: expected a string, got nothing usable; ${supported}`, { field });
  const excluded = EXCLUDED.find((name) => name.toLowerCase() === technology.toLowerCase());
  throw new BadRequestError(
    excluded === undefined
      ? `${field}: unknown technology "${technology}"; ${supported}`
      : `${field}: ${excluded} is not supported with a connection; keep its data sources as they are. ${supported}`,
    { field },
  );
}
