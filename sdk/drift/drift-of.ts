import type { ConnectionsApi } from "../model/connections-api";
import type { DriftReport } from "../model/drift-report";
import { NotFoundError } from "../model/errors";
import { formatObjectPath } from "../model/object-path";
import type { Settings } from "../model/settings";
import { compileRules } from "../governance/compile";
import { readGovernanceFile } from "../governance/read-file";
import { readGoverned } from "../governance/read-objects";
import { topSettings } from "../governance/top-settings";
import { collectDrift, type Expected } from "./drift";
import { expectedByState } from "./expected-by-state";

const PAGE = 1_000;

/** What is compared with what is registered: one of the two, or nothing; then only the platforms are looked at. */
export interface DriftSources {
  /** What `pulumi stack export` prints. */
  readonly state?: string | undefined;
  /** The name of a governance file. */
  readonly file?: string | undefined;
  /** Changes on the platform to list of each connection. */
  readonly limit?: number | undefined;
}

/** Drift of some connections; of those that state or file declare, or else all, when none is named. */
export async function driftOf(api: ConnectionsApi, keys: readonly string[], { state, file, limit }: DriftSources): Promise<DriftReport> {
  const expected = state !== undefined ? expectedByState(state) : file === undefined ? undefined : await expectedByRules(api, file);
  const named = keys.length > 0 ? keys : expected === undefined ? await everyConnection(api) : [...expected.keys()];
  return collectDrift(api, named, { ...(expected && { expected }), ...(limit !== undefined && { limit }) });
}

async function expectedByRules(api: ConnectionsApi, file: string): Promise<ReadonlyMap<string, Expected>> {
  const expected = new Map<string, Expected>();
  for (const [connectionKey, { rules, settings }] of readGovernanceFile(file)) {
    expected.set(connectionKey, {
      settings: await settingsByRules(api, connectionKey, rules, settings),
      owned: new Set(["isActive", "activateNewChildren"] as const),
    });
  }
  return expected;
}

async function settingsByRules(
  api: ConnectionsApi,
  connectionKey: string,
  rules: Parameters<typeof compileRules>[2],
  declared: Parameters<typeof topSettings>[2],
): Promise<ReadonlyMap<string, Settings>> {
  const settings = new Map<string, Settings>([[formatObjectPath([connectionKey]), declared]]);
  try {
    const top = await topSettings(api, connectionKey, declared);
    const compiled = compileRules(connectionKey, await readGoverned(api, connectionKey, rules), rules, top, Date.now());
    for (const name of ["statuses", "activateNewChildren"] as const) {
      const setting = name === "statuses" ? "isActive" : name;
      for (const [path, value] of Object.entries(compiled[name])) settings.set(path, { ...settings.get(path), [setting]: value });
    }
  } catch (error) {
    // The report says that it is not registered.
    if (!(error instanceof NotFoundError)) throw error;
  }
  return settings;
}

async function everyConnection(api: ConnectionsApi): Promise<string[]> {
  const keys: string[] = [];
  for (;;) {
    const { hits, count } = await api.searchObjects([], { offset: keys.length, size: PAGE });
    keys.push(...hits.map(({ objectPath }) => objectPath[0]!));
    if (hits.length === 0 || keys.length >= count) return keys;
  }
}
