/** Few enough that callers of other kinds get in between, enough that settings which are changed side by side share a commit. */
const AT_ONCE = 16;
/** How many new connections are let in before more requests begin: Node accepts one in each turn of the event loop. */
const TURNS_BETWEEN = 8;

/**
 * Lets so many requests begin at a time, in the order in which they came, and makes turns of the event loop between them. Over an
 * embedded store a request runs to its end without a pause, so that a turn would be as long as the requests of all callers together,
 * and whoever connects meanwhile would wait for a turn for each one before him: seconds.
 * @returns called for each request: undefined where it may begin at once, or what resolves when it may.
 */
export function createAdmission(atOnce = AT_ONCE): () => Promise<void> | undefined {
  const waiting: (() => void)[] = [];
  let begun = 0;

  return () => {
    if (begun === atOnce) return new Promise((resolve) => waiting.push(resolve));
    begin();
    return undefined;
  };

  function begin(): void {
    begun++;
    if (begun === 1) afterTurns(TURNS_BETWEEN, goOn);
  }

  function goOn(): void {
    begun = 0;
    for (const go of waiting.splice(0, atOnce)) {
      begin();
      go();
    }
  }
}

function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => (turns === 1 ? then() : afterTurns(turns - 1, then)));
}
