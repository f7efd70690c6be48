import type { PlatformSession } from "../../model/platform";
import type { Store } from "../../model/store";
import type { UpgradePlan } from "../../model/upgrade";
import { readLegacyAccount, type LegacyDatabase } from "./legacy-account";
import { resolveName, type Left, type Match } from "./match-tables";

export interface PlanRun {
  readonly store: Store;
  readonly session: PlatformSession;
  readonly hostKey: string;
  readonly connectionKey: string;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

/** What the host's data sources and the platform's tables would become, by the same rules as the upgrade. Writes nothing. */
export async function planMoves(run: PlanRun): Promise<Pick<UpgradePlan, "counts" | "moving" | "remaining">> {
  const { store, session, hostKey, connectionKey, limit, signal } = run;
  const names = (await session.listDatabases(signal)).map(({ name }) => name);
  const account = await readLegacyAccount(store, hostKey, names);
  const counts = { moving: 0, remaining: 0, activated: 0, inactive: 0 };
  const moving: UpgradePlan["moving"][number][] = [];
  const remaining: UpgradePlan["remaining"][number][] = [];
  leave(account.left);

  for (const database of names) {
    signal?.throwIfAborted();
    const legacy = account.databases.get(database);
    const tables = await readTables(session, database, legacy, signal);
    const { matches = [], left = [] } = legacy?.matcher.result() ?? {};
    leave(left);
    counts.moving += matches.length;
    for (const { source, schema, table } of matches) {
      if (moving.length >= limit) break;
      const { id, name, isEnabled } = source;
      moving.push({ id, name, newName: [connectionKey, database, schema, table].join("."), isEnabled });
    }
    countOthers(tables, matches, legacy);
  }
  return { counts, moving, remaining };

  function leave(sources: readonly Left[]): void {
    counts.remaining += sources.length;
    for (const { source, reason } of sources) {
      if (remaining.length < limit) remaining.push({ id: source.id, name: source.name, reason });
    }
  }

  function countOthers(tables: ReadonlyMap<string, number>, matches: readonly Match[], legacy: LegacyDatabase | undefined): void {
    const monitored = legacy?.monitored ?? [];
    const schemas = [...tables.keys()];
    const active = new Set(monitored.flatMap(({ schema }) => (schema === null ? schemas : (resolveName(schema, schemas) ?? []))));
    const moved = new Map<string, number>();
    for (const { schema } of matches) moved.set(schema, (moved.get(schema) ?? 0) + 1);
    for (const [schema, count] of tables) counts[active.has(schema) ? "activated" : "inactive"] += count - (moved.get(schema) ?? 0);
  }
}

/** @returns how many tables each schema has. */
async function readTables(
  session: PlatformSession,
  database: string,
  legacy: LegacyDatabase | undefined,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const tables = new Map<string, number>();
  for await (const batch of session.streamObjects({ database }, { columns: false, ...(signal && { signal }) })) {
    for (const { schema, table } of batch) {
      if (table === undefined) tables.set(schema, 0);
      else {
        tables.set(schema, (tables.get(schema) ?? 0) + 1);
        legacy?.matcher.see(schema, table);
      }
    }
  }
  return tables;
}
