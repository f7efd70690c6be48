/** Thrown where something took longer than its limit. */
export class TookTooLong extends Error {
  constructor(readonly seconds: number) {
    super(`no answer within ${seconds} s`);
  }
}

/**
 * The result, unless the signal or the limit comes first; then `stop` ends what runs, whose own end is not waited for.
 * @throws TookTooLong, or what the signal was aborted with.
 */
export async function within<T>(work: Promise<T>, seconds: number, signal?: AbortSignal, stop?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TookTooLong(seconds)), seconds * 1_000);
    abort = () => reject(signal!.reason as Error);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } catch (error) {
    if (error instanceof TookTooLong || signal?.aborted === true) {
      // Nobody listens to its failure any more.
      work.catch(() => undefined);
      stop?.();
    }
    throw error;
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) signal?.removeEventListener("abort", abort);
  }
}
