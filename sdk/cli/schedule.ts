import { messageOf } from "../model/errors";
import { openLocal } from "../engine/open-local";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Keeps the 24-hour schedule in the foreground until SIGINT or SIGTERM, with a line for each sync; with `once` it only runs what is
 * due. A sync that is stopped half-way is made up when the schedule is kept again.
 */
export async function keepSchedule(store: string, once: boolean, print: (line: string) => void): Promise<void> {
  const engine = openLocal({ store });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of SIGNALS) process.once(signal, onSignal);
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve(), { once: true }));
  const say = (text: string) => print(`${new Date().toISOString()} ${text}`);
  const events = {
    onStart: (connectionKey: string) => say(`${connectionKey}: syncing`),
    onEnd: (connectionKey: string, state: string, output: { error?: string } | null) =>
      say(`${connectionKey}: ${state}${output?.error === undefined ? "" : `: ${output.error}`}`),
    onError: (error: unknown) => console.error(`connections: ${messageOf(error)}; trying again in a minute`),
  };
  try {
    if (once) await Promise.race([engine.schedule.runDue(events), stopped]);
    else {
      say("keeping the schedule: every connection is synced every 24 hours, counted from its registration");
      await engine.schedule.keep(stop.signal, events);
    }
  } finally {
    await engine.close();
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  }
}
