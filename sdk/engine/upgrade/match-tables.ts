import type { LegacySourceRow } from "../../model/legacy-store";

/** A data source and the table that it is, in the platform's spelling. */
export interface Match {
  readonly source: LegacySourceRow;
  readonly schema: string;
  readonly table: string;
}

export interface Left {
  readonly source: LegacySourceRow;
  readonly reason: string;
}

export interface Matcher {
  /** Takes one table of the platform. */
  see(schema: string, table: string): void;
  /** When all tables were seen. */
  result(): { readonly matches: readonly Match[]; readonly left: readonly Left[] };
}

/**
 * Finds the tables of some data sources of one database in a stream of its tables. A registration may spell a name in another
 * case than the platform: the exact name comes first, then the only one that differs in case. Of two data sources on one table the
 * second is left. Memory grows with the data sources, not with the tables.
 */
export function createMatcher(sources: readonly LegacySourceRow[]): Matcher {
  const byExact = new Map<string, LegacySourceRow>();
  const byFolded = new Map<string, { schema: string; table: string }[]>();
  const seen = new Set<LegacySourceRow>();
  for (const source of sources) {
    byExact.set(exact(source.schema, source.table), source);
    byFolded.set(folded(source.schema, source.table), []);
  }

  return {
    see(schema, table) {
      byFolded.get(folded(schema, table))?.push({ schema, table });
      const source = byExact.get(exact(schema, table));
      if (source !== undefined) seen.add(source);
    },

    result() {
      const owners = new Map<string, LegacySourceRow>();
      const matches: Match[] = [];
      const left: Left[] = [];
      for (const source of seen) {
        const { schema, table } = source;
        owners.set(exact(schema, table), source);
        matches.push({ source, schema, table });
      }
      for (const source of sources) {
        if (seen.has(source)) continue;
        const candidates = byFolded.get(folded(source.schema, source.table))!;
        const [only] = candidates;
        if (only === undefined) left.push({ source, reason: notSeen(source) });
        else if (candidates.length > 1) left.push({ source, reason: ambiguous(source, candidates) });
        else {
          const owner = owners.get(exact(only.schema, only.table));
          if (owner !== undefined) left.push({ source, reason: duplicate(source, owner) });
          else {
            owners.set(exact(only.schema, only.table), source);
            matches.push({ source, ...only });
          }
        }
      }
      return { matches, left };
    },
  };
}

/** The platform's spelling of a name: the name itself, or the only one that differs from it in case alone. */
export function resolveName(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.includes(name)) return name;
  const alike = candidates.filter((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

export function notSeen({ database, schema, table }: LegacySourceRow): string {
  return (
    `the connection does not see ${database}.${schema}.${table}: grant its role or principal access to the table and what it lies in, ` +
    "or discard the data source when the table is gone; then run the upgrade again"
  );
}

function ambiguous({ schema, table }: LegacySourceRow, candidates: readonly { schema: string; table: string }[]): string {
  const names = candidates.map((one) => `${one.schema}.${one.table}`).join(", ");
  return `${schema}.${table} may be any of ${names}, which differ in case only: discard the data source and activate the table that it was`;
}

function duplicate({ schema, table }: LegacySourceRow, owner: LegacySourceRow): string {
  return `${schema}.${table} is the table of data source ${owner.id} ("${owner.name}") too, which has moved: discard one of them`;
}

function exact(schema: string, table: string): string {
  return `${schema}\u0001${table}`;
}

function folded(schema: string, table: string): string {
  return exact(schema, table).toLowerCase();
}
