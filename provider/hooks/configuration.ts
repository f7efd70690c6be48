import { resolve } from "node:path";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import { findPlatform } from "../../sdk/model/technology";
import { platforms } from "../../sdk/platforms";
import { backendOf, type Backend } from "./backend";
import { createRuntime, type Runtime } from "./core/runtime";
import { engineAddress } from "./engine-address";
import { watchEngine } from "./engine-watch";
import { createLogSink } from "./log";
import { Redactor } from "./redactor";

const CONFIGURE_TIMEOUT_MILLISECONDS = 30_000;

/** What `configure` is given: the stack's configuration, or the inputs of an explicit provider. */
export interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

export const redactor = new Redactor();

interface Pending {
  readonly resolve: (runtime: Runtime | Promise<Runtime>) => void;
}

let pending: Pending | undefined;
let runtime: Promise<Runtime> | undefined;

/** Called once for each kind of resource in a process, always with the same configuration. The first call counts. */
export function configure({ config }: ConfigureRequest): void {
  const waiting = awaitRuntime();
  if (pending === undefined) return void waiting;
  const { resolve } = pending;
  pending = undefined;
  resolve(start((key) => config.get(`connections:${key}`) || undefined));
}

/**
 * The SDK may call other hooks before `configure` has run; they wait here.
 * @throws when the configuration never comes, or is wrong.
 */
export function awaitRuntime(): Promise<Runtime> {
  runtime ??= new Promise<Runtime>((resolveRuntime, reject) => {
    const timer = setTimeout(
      () => reject(new Error("the provider was not configured within 30 s; run the command again")),
      CONFIGURE_TIMEOUT_MILLISECONDS,
    );
    timer.unref();
    pending = {
      resolve(made) {
        clearTimeout(timer);
        resolveRuntime(made);
      },
    };
  });
  // Whoever waits sees why; while nobody does, that is no reason to end the process.
  runtime.catch(() => undefined);
  return runtime;
}

async function start(config: (key: string) => string | undefined): Promise<Runtime> {
  const baseDirectory = process.cwd();
  const api = await openApi(backendOf(config, process.env), baseDirectory);
  exitWithEngine(() => api.close());
  return createRuntime({
    api,
    platforms,
    log: createLogSink((text) => redactor.clean(text)),
    normalize: (connection) => findPlatform(platforms, connection.technology).normalize(connection, baseDirectory),
  });
}

async function openApi(backend: Backend, baseDirectory: string): Promise<ConnectionsApi> {
  if (backend.kind === "store") {
    const { isPostgresAddress, openLocal } = await import("../../sdk/engine/open-local.js");
    const isAddress = isPostgresAddress(backend.store);
    if (isAddress) redactor.learnText(backend.store);
    return openLocal({ store: isAddress ? backend.store : resolve(baseDirectory, backend.store), baseDirectory, isProgram: true });
  }
  redactor.learnText(backend.apiKey);
  const { createClient } = await import("../../sdk/client/client.js");
  return createClient({ ...backend, isProgram: true });
}

/** The engine ends a provider with a signal; without an exit of its own the process would delay every command. */
function exitWithEngine(close: () => Promise<void>): void {
  const end = () => void close().finally(() => process.exit(0));
  process.once("SIGINT", end).once("SIGTERM", end);
  const address = engineAddress();
  if (address !== undefined) watchEngine(address, end);
}
