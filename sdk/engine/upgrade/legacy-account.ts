import type { LegacySourceRow, MonitoredRow } from "../../model/legacy-store";
import type { Store } from "../../model/store";
import { createMatcher, notSeen, resolveName, type Left, type Matcher } from "./match-tables";

/** What a host has that was not upgraded, in the platform's spelling of its databases. */
export interface LegacyAccount {
  /** For each database of the platform that a data source or a monitored container lies in. */
  readonly databases: ReadonlyMap<string, LegacyDatabase>;
  /** Data sources whose database the platform does not show. */
  readonly left: readonly Left[];
}

export interface LegacyDatabase {
  readonly sources: readonly LegacySourceRow[];
  readonly matcher: Matcher;
  readonly monitored: readonly MonitoredRow[];
}

/** All data sources of the host that are left are in memory at once, some hundred bytes each. */
export async function readLegacyAccount(store: Store, hostKey: string, names: readonly string[]): Promise<LegacyAccount> {
  const sources = new Map<string, LegacySourceRow[]>();
  const left: Left[] = [];
  for await (const batch of store.streamLegacySources(hostKey)) {
    for (const source of batch) {
      const database = resolveName(source.database, names);
      if (database === undefined) left.push({ source, reason: notSeen(source) });
      else append(sources, database, source);
    }
  }
  const monitored = new Map<string, MonitoredRow[]>();
  for (const container of await store.listMonitored(hostKey)) {
    const database = resolveName(container.database, names);
    if (database !== undefined) append(monitored, database, container);
  }
  const databases = new Map<string, LegacyDatabase>();
  for (const database of new Set([...sources.keys(), ...monitored.keys()])) {
    const own = sources.get(database) ?? [];
    databases.set(database, { sources: own, matcher: createMatcher(own), monitored: monitored.get(database) ?? [] });
  }
  return { databases, left };
}

function append<T>(lists: Map<string, T[]>, name: string, one: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [one]);
  else list.push(one);
}
