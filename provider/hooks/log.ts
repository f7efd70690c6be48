import type { LogSink } from "./core/runtime";
import { engineAddress, type EngineAddress } from "./engine-address";

/**
 * Messages in the engine's own display, with severities and live status lines; on the console where there is no engine.
 * Every text passes `clean` first.
 */
export function createLogSink(clean: (text: string) => string): LogSink {
  const address = engineAddress();
  const engine = address && connectToEngine(address);
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

async function connectToEngine(address: EngineAddress) {
  const pulumi = await import("@pulumi/pulumi");
  // The SDK's log speaks to the engine that it was told of; a provider process was told of none.
  pulumi.runtime.resetOptions("", "", -1, address.text, "", false, "");
  return pulumi.log;
}
