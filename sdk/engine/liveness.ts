import { hostname } from "node:os";
import type { JobOwner, JobRow } from "../model/store";
import type { Clock } from "./clock";

/** A process of another host counts as gone after this long without a sign of life. */
const SILENCE_MILLISECONDS = 60_000;
/** On the same host a process id tells; but ids are used again. */
const LOCAL_SILENCE_MILLISECONDS = 15 * 60_000;

/** The owner of a job that is nobody's in particular: it waits in a queue for a process to take it on. */
export const QUEUED: JobOwner = { host: "", pid: 0 };

export function isQueued({ host }: JobOwner): boolean {
  return host === QUEUED.host;
}

/**
 * The jobs that run in this process, whichever engine runs them: its id is also that of a process before it. Engines that begin one job
 * at once are counted, since those that come too late end at once.
 */
const runningHere = new Map<string, number>();

/**
 * Tells jobs that run from jobs whose process is gone. Signs of life of another process are compared with each other and
 * not with this one's clock, which may go differently or jump: silence counts from when it is first seen.
 */
export class Liveness {
  readonly #seen = new Map<string, { readonly heartbeatAt: string; readonly since: number }>();

  constructor(private readonly clock: Clock) {}

  /** Until `end` is called, the job counts as running. */
  begin(id: string): { end: () => void } {
    runningHere.set(id, (runningHere.get(id) ?? 0) + 1);
    return {
      end: () => {
        const others = runningHere.get(id)! - 1;
        if (others > 0) runningHere.set(id, others);
        else runningHere.delete(id);
      },
    };
  }

  isAlive({ id, owner, heartbeatAt }: JobRow): boolean {
    // Whichever process dies, another takes it on.
    if (isQueued(owner)) return true;
    const isLocal = owner.host === hostname();
    if (isLocal && owner.pid === process.pid) return runningHere.has(id);
    if (isLocal && !processExists(owner.pid)) return false;
    const now = this.clock.elapsed();
    const seen = this.#seen.get(id);
    if (seen?.heartbeatAt === heartbeatAt) return now - seen.since < (isLocal ? LOCAL_SILENCE_MILLISECONDS : SILENCE_MILLISECONDS);
    this.#seen.set(id, { heartbeatAt, since: now });
    return true;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
