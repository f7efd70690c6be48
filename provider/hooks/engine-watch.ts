import { connect } from "node:net";
import type { EngineAddress } from "./engine-address";

const CHECK_MILLISECONDS = 5_000;

/**
 * Calls `onGone` when the engine does not listen any more. An engine that is killed does not end its providers, which run
 * in process groups of their own, and one of ours would keep the store open for ever.
 */
export function watchEngine({ host, port }: EngineAddress, onGone: () => void): void {
  const timer = setInterval(() => {
    const socket = connect({ host, port });
    socket.on("connect", () => socket.destroy());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      socket.destroy();
      if (error.code !== "ECONNREFUSED") return;
      clearInterval(timer);
      onGone();
    });
  }, CHECK_MILLISECONDS);
  timer.unref();
}
