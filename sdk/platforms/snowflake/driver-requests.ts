import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";

const CLIENT = "snowflake-sdk/dist/lib/http/axios_instance.js";
type Client = typeof import("snowflake-sdk/dist/lib/http/axios_instance.js");

/**
 * The driver repeats a request for minutes, whatever its caller still wants, and keeps the process alive by that. Only its
 * own HTTP client knows how to stop: a request whose signal is aborted is not repeated. This gives each request the signal
 * of the work that it is sent for.
 */
const current = new AsyncLocalStorage<AbortSignal>();

/** Requests that the driver sends for `work` end with the signal. */
export function withSignal<T>(signal: AbortSignal, work: () => T): T {
  return current.run(signal, work);
}

/** To be called once, when the driver is loaded. */
export function attachSignals(): void {
  // Loaded like the driver itself loads it, whichever way this file was built.
  const { default: client } = createRequire(__filename)(CLIENT) as Client;
  client.interceptors.request.use((config) => {
    const signal = current.getStore();
    if (signal !== undefined)
      config.signal = config.signal === undefined ? signal : AbortSignal.any([config.signal as AbortSignal, signal]);
    return config;
  });
}
