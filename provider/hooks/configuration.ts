import { resolve } from "node:path";
import { openLocal } from "../../sdk/engine/open-local";
import { findPlatform } from "../../sdk/model/technology";
import { platforms } from "../../sdk/platforms";
import { createRuntime, type Runtime } from "./core/runtime";
import { engineAddress } from "./engine-address";
import { watchEngine } from "./engine-watch";
import { createLogSink } from "./log";
import { Redactor } from "./redactor";

/** Relative to the program's folder. */
const DEFAULT_STORE = ".connections/connections.db";
const CONFIGURE_TIMEOUT_MILLISECONDS = 30_000;

/** What `configure` is given: the stack's configuration, or the inputs of an explicit provider. */
export interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

export const redactor = new Redactor();

let configured: ((runtime: Runtime) => void) | undefined;
let runtime: Promise<Runtime> | undefined;

/** Called once for each kind of resource in a process, always with the same configuration. The first call counts. */
export function configure({ config }: ConfigureRequest): void {
  const store = config.get("connections:store") || process.env["CONNECTIONS_STORE"] || DEFAULT_STORE;
  const pending = awaitRuntime();
  if (configured === undefined) return void pending;
  const finish = configured;
  configured = undefined;
  finish(start(store));
}

/**
 * The SDK may call other hooks before `configure` has run; they wait here.
 * @throws when the configuration never comes.
 */
export function awaitRuntime(): Promise<Runtime> {
  runtime ??= new Promise((resolveRuntime, reject) => {
    const timer = setTimeout(
      () => reject(new Error("the provider was not configured within 30 s; run the command again")),
      CONFIGURE_TIMEOUT_MILLISECONDS,
    );
    timer.unref();
    configured = (made) => {
      clearTimeout(timer);
      resolveRuntime(made);
    };
  });
  return runtime;
}

function start(store: string): Runtime {
  const baseDirectory = process.cwd();
  const api = openLocal({ store: resolve(baseDirectory, store), baseDirectory });
  exitWithEngine(() => api.close());
  return createRuntime({
    api,
    platforms,
    log: createLogSink((text) => redactor.clean(text)),
    normalize: (connection) => findPlatform(platforms, connection.technology).normalize(connection, baseDirectory),
  });
}

/** The engine ends a provider with a signal; without an exit of its own the process would delay every command. */
function exitWithEngine(close: () => Promise<void>): void {
  const end = () => void close().finally(() => process.exit(0));
  process.once("SIGINT", end).once("SIGTERM", end);
  const address = engineAddress();
  if (address !== undefined) watchEngine(address, end);
}
