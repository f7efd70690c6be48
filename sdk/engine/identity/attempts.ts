import { isIPv6 } from "node:net";
import { TooManyRequestsError } from "../../model/errors";
import type { Clock } from "../clock";

const WINDOW_MILLISECONDS = 60_000;
/** Wrong credentials from one address in a window; then everything from it is refused until the window ends. */
export const ATTEMPTS_PER_WINDOW = 10;
/** More addresses than this at once forget the oldest, so that nobody can fill the memory. */
const ADDRESSES_KEPT = 10_000;

/** Counts failed attempts to authenticate by remote address. */
export class FailedAttempts {
  readonly #windows = new Map<string, { count: number; readonly endsAt: number }>();

  constructor(private readonly clock: Pick<Clock, "elapsed">) {}

  /** @throws TooManyRequestsError */
  requireAllowed(address: string): void {
    const window = this.#current(networkOf(address));
    if (window === undefined || window.count < ATTEMPTS_PER_WINDOW) return;
    const seconds = Math.max(1, Math.ceil((window.endsAt - this.clock.elapsed()) / 1_000));
    throw new TooManyRequestsError(`too many failed attempts to authenticate from this address; try again in ${seconds} s`, seconds);
  }

  add(address: string): void {
    const network = networkOf(address);
    const window = this.#current(network);
    if (window !== undefined) {
      window.count++;
      return;
    }
    // Inserted anew, so that the map stays in order of time.
    this.#windows.delete(network);
    this.#windows.set(network, { count: 1, endsAt: this.clock.elapsed() + WINDOW_MILLISECONDS });
    for (const [oldest, { endsAt }] of this.#windows) {
      if (this.#windows.size <= ADDRESSES_KEPT && endsAt > this.clock.elapsed()) break;
      this.#windows.delete(oldest);
    }
  }

  #current(network: string) {
    const window = this.#windows.get(network);
    return window !== undefined && window.endsAt > this.clock.elapsed() ? window : undefined;
  }
}

/** Of an IPv6 address the network of 64 bits that one caller usually has to itself; others as they are. */
function networkOf(address: string): string {
  const [bare = ""] = address.split("%");
  const mapped = /^::ffff:([0-9.]+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(bare)) return bare;
  const [head = "", tail = ""] = bare.split("::");
  const before = head.split(":").filter(Boolean);
  const after = tail.split(":").filter(Boolean);
  const zeros = bare.includes("::") ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0") : [];
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(":");
}
