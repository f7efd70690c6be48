import { useEffect, useReducer, useRef } from "preact/hooks";

/** Faster than this, rows pass that nobody reads. */
const ROWS_PER_MILLISECOND = 1;
/** A single leap is no flight, however far it goes. */
const CONTINUOUS_MILLISECONDS = 150;
const CALM_MILLISECONDS = 80;

/**
 * Whether a list flies past, as when its scroll bar is dragged through all of it. What is in sight only then is not worth reading; when
 * it comes to rest this renders once more.
 * @param first the first row in sight
 */
export function useFlight(first: number): boolean {
  const [, render] = useReducer((times: number) => times + 1, 0);
  const last = useRef({ first, at: 0, isFlying: false });
  const now = performance.now();
  const elapsed = now - last.current.at;
  if (first !== last.current.first) {
    const isFast = Math.abs(first - last.current.first) > elapsed * ROWS_PER_MILLISECOND;
    last.current = { first, at: now, isFlying: isFast && elapsed < CONTINUOUS_MILLISECONDS };
  } else if (elapsed >= CALM_MILLISECONDS) {
    last.current.isFlying = false;
  }
  const { isFlying, at } = last.current;
  useEffect(() => {
    if (!isFlying) return undefined;
    const timer = window.setTimeout(() => render(undefined), CALM_MILLISECONDS);
    return () => window.clearTimeout(timer);
  }, [isFlying, at]);
  return isFlying;
}
