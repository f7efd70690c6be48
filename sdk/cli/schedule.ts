import { messageOf } from "../model/errors";
import { openLocal } from "../engine/open-local";
import { untilSignal } from "./until-signal";

/**
 * Keeps the 24-hour schedule in the foreground until SIGINT or SIGTERM, with a line for each sync; with `once` it only runs what is
 * due. A sync that is stopped half-way is made up when the schedule is kept again.
 */
export async function keepSchedule(store: string, once: boolean, print: (line: string) => void): Promise<void> {
  const engine = openLocal({ store });
  const say = (text: string) => print(`${new Date().toISOString()} ${text}`);
  const events = {
    onStart: (connectionKey: string) => say(`${connectionKey}: syncing`),
    onEnd: (connectionKey: string, state: string, output: { error?: string } | null) =>
      say(`${connectionKey}: ${state}${output?.error === undefined ? "" : `: ${output.error}`}`),
    onError: (error: unknown) => console.error(`connections: ${messageOf(error)}; trying again in a minute`),
  };
  try {
    await untilSignal(async (signal) => {
      if (once) {
        const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        await Promise.race([engine.schedule.runDue(events), stopped]);
        return;
      }
      say("keeping the schedule: every connection is synced every 24 hours, counted from its registration");
      await engine.schedule.keep(signal, events);
    });
  } finally {
    await engine.close();
  }
}
