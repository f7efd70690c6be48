import { BadRequestError } from "../../model/errors";
import type { MonitoredContainer } from "../../model/legacy-data-source";
import type { NewLegacySource } from "../../model/legacy-store";
import type { LegacyRegistration } from "../../model/legacy/registration";
import { placeOf } from "./read-payload";

/** What registrations want to be looked at again and again. */
export function monitoredOf(registrations: readonly LegacyRegistration[]): MonitoredContainer[] {
  const paths = registrations.flatMap(({ monitored }) => monitored);
  return paths.map(([database, schema]) => ({ database: database!, schema: schema ?? null }));
}

/** @throws BadRequestError for two tables or two names alike in one payload (contract: V1 payloads). */
export function requireDistinct(sources: readonly NewLegacySource[]): void {
  const tables = new Set<string>();
  const names = new Set<string>();
  for (const source of sources) {
    const place = placeOf(source);
    if (tables.has(place)) {
      throw new BadRequestError(`the payload holds duplicate tables: ${source.database}.${source.schema}.${source.table}; name each once`);
    }
    if (names.has(source.name)) {
      throw new BadRequestError(`two tables of the payload would be called "${source.name}"; give them names, or another naming template`);
    }
    tables.add(place);
    names.add(source.name);
  }
}
