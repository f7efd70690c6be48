import type { LogSink } from "./core/runtime";

/** The engine's address is the last argument of a provider process: `127.0.0.1:41234`. */
const ADDRESS = /^[\w.[\]:-]+:\d+$/;

/**
 * Messages in the engine's own display, with severities and live status lines; on the console where there is no engine.
 * Every text passes `clean` first.
 */
export function createLogSink(clean: (text: string) => string): LogSink {
  const address = process.argv[process.argv.length - 1] ?? "";
  const engine = ADDRESS.test(address) ? connectToEngine(address) : undefined;
  const send = (severity: "warn" | "info", text: string, ephemeral: boolean) => {
    const message = clean(text);
    if (engine === undefined) {
      if (!ephemeral) console.error(message);
      return;
    }
    void engine
      .then((log) => log[severity](message, undefined, undefined, ephemeral))
      .catch((error: unknown) => console.error(`${message}\n(could not be sent to the engine: ${clean(String(error))})`));
  };
  return {
    warn: (message) => send("warn", message, false),
    info: (message) => send("info", message, false),
    status: (message) => send("info", message, true),
  };
}

async function connectToEngine(address: string) {
  const pulumi = await import("@pulumi/pulumi");
  // The SDK's log speaks to the engine that it was told of; a provider process was told of none.
  pulumi.runtime.resetOptions("", "", -1, address, "", false, "");
  return pulumi.log;
}
