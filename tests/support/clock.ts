import type { Clock } from "../../sdk/engine/clock";

export const HOUR = 3_600_000;

/** A clock that a test sets; whoever sleeps by it wakes when it is moved. */
export function testClock(start = "2026-01-01T00:00:00.000Z"): Clock & { move: (milliseconds: number) => void } {
  let time = Date.parse(start);
  const sleepers = new Set<() => void>();
  return {
    now: () => new Date(time),
    elapsed: () => performance.now(),
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(wake);
          resolve();
        };
        sleepers.add(wake);
        if (signal.aborted) wake();
        signal.addEventListener("abort", wake, { once: true });
      }),
    move(milliseconds) {
      time += milliseconds;
      for (const wake of [...sleepers]) wake();
    },
  };
}
