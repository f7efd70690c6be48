import { randomBytes } from "node:crypto";
import { createEngine, type Engine, type EngineParts } from "../../sdk/engine/engine";
import { createSecretBox } from "../../sdk/engine/secret-box";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { SyncPlan } from "../../sdk/model/sync-plan";
import type { Store } from "../../sdk/model/store";
import { memoryPlatform, type MemoryAccount, type MemoryPlatform } from "./memory-platform";
import { openSharedStore } from "../../sdk/store/open-store";
import { newStorePlace } from "./store";

export interface TestEngine {
  readonly api: Engine;
  readonly platform: MemoryPlatform;
  /** Its file, or its address. */
  readonly storeFile: string;
  /** The same store, opened again as another process would. */
  readonly reopen: () => Engine;
}

const opened: ConnectionsApi[] = [];
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

/**
 * An engine on a store of its own and a platform in memory.
 * @param parts.isSpread through the queue, where the store has one.
 * @param parts.around changes what the store does.
 */
export function testEngine(
  content: MemoryAccount,
  {
    isSpread = false,
    around = (store) => store,
    ...parts
  }: Pick<EngineParts, "clock" | "timeouts"> & { readonly isSpread?: boolean; readonly around?: (store: Store) => Store } = {},
  technology: "Memory" | "Snowflake" = "Memory",
): TestEngine {
  const storeFile = newStorePlace();
  const platform = memoryPlatform(content, technology);
  const key = randomBytes(32);
  const reopen = () => {
    const { store, queue } = openSharedStore(storeFile, { databasesAtOnce: 4, onError: (error) => console.error(error) });
    const api = createEngine({
      store: around(store),
      ...(isSpread && queue && { spread: { queue, perAccount: 4 } }),
      platforms: [platform],
      secrets: createSecretBox(() => [key]),
      baseDirectory: "/",
      ...parts,
    });
    opened.push(api);
    return api;
  };
  return { api: reopen(), platform, storeFile, reopen };
}

/** Registers `warehouse` on the memory platform and waits for its first sync. */
export async function register(api: ConnectionsApi, settings = {}, connectionKey = "warehouse"): Promise<SyncPlan> {
  const { bulkId } = await api.registerConnection({
    connectionKey,
    connection: { technology: "Memory", account: connectionKey, password: "hunter2-hunter2" },
    settings,
  });
  return ended(api, bulkId);
}

export async function sync(api: ConnectionsApi, path: readonly string[] = ["warehouse"], allowMassRemoval = false): Promise<SyncPlan> {
  const { bulkId } = await api.crawl(path, { allowMassRemoval });
  return ended(api, bulkId);
}

async function ended(api: ConnectionsApi, bulkId: string): Promise<SyncPlan> {
  const [job] = await api.waitForJobs(bulkId);
  if (job?.output?.error !== undefined) throw new Error(job.output.error);
  if (job?.output?.plan === undefined) throw new Error("the sync left no plan");
  return job.output.plan;
}

/** Every object with its state, as `path state`, with `missing` where it is. */
export async function states(api: ConnectionsApi, path: readonly string[] = ["warehouse"]): Promise<string[]> {
  const lines: string[] = [];
  const walk = async (at: readonly string[]): Promise<void> => {
    const { objectPath, state, missingSince } = await api.getObject(at);
    lines.push(`${objectPath.join("/")} ${state}${missingSince === null ? "" : " missing"}`);
    for (const child of (await api.searchObjects(at, { size: 1_000 })).hits) await walk(child.objectPath);
  };
  await walk(path);
  return lines;
}
