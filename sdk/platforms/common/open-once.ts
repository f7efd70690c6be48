/** Something that is opened when it is first asked for, once, and may be opened anew. */
export interface OpenOnce<T> {
  /** `signal` ends the opening. */
  get(signal: AbortSignal | undefined): Promise<T>;
  /** The next `get` opens anew; what was opened may still be in use, and is closed with the rest. */
  forget(): void;
  /** Closes all that was opened. */
  close(): Promise<void>;
}

export function openOnce<T extends { close(): Promise<void> }>(open: (signal: AbortSignal | undefined) => Promise<T>): OpenOnce<T> {
  let opened: Promise<T> | undefined;
  const forgotten: Promise<T>[] = [];
  return {
    async get(signal) {
      if (opened === undefined) {
        const opening = open(signal);
        opened = opening;
        // One that failed may be tried again.
        opening.catch(() => {
          if (opened === opening) opened = undefined;
        });
      }
      return opened;
    },
    forget() {
      if (opened !== undefined) forgotten.push(opened);
      opened = undefined;
    },
    async close() {
      this.forget();
      // One that never came to be has nothing to end.
      await Promise.all(forgotten.splice(0).map(async (one) => (await one.catch(() => undefined))?.close()));
    },
  };
}
