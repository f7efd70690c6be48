/** Something that is opened when it is first asked for, once, and may be opened anew. */
export interface OpenOnce<T> {
  /** `signal` ends the opening. */
  get(signal: AbortSignal | undefined): Promise<T>;
  /** The next `get` opens anew. What was opened is the caller's to close. */
  forget(): void;
  /** Closes what was opened, if anything was. */
  close(): Promise<void>;
}

export function openOnce<T extends { close(): Promise<void> }>(open: (signal: AbortSignal | undefined) => Promise<T>): OpenOnce<T> {
  let opened: Promise<T> | undefined;
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
      opened = undefined;
    },
    async close() {
      // One that never came to be has nothing to end.
      const session = await opened?.catch(() => undefined);
      opened = undefined;
      await session?.close();
    },
  };
}
