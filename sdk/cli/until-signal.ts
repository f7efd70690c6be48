const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs work that ends when its signal is aborted, which SIGINT and SIGTERM do. */
export async function untilSignal(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    await work(stop.signal);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  }
}
