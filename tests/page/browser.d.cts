import type { Browser } from "playwright-core";

/** The path of an installed Chromium: CONNECTIONS_CHROMIUM, or the first on PATH; undefined where there is none. */
export function findChromium(environment?: NodeJS.ProcessEnv): string | undefined;

/** A headless browser; the caller closes it. */
export function launch(executablePath: string): Promise<Browser>;

/** What may happen on the platform, or to the store: see server-child.mjs and story-platform.mjs. */
export type Happening = "alter" | "grow" | "lose" | "slow" | "fast" | "sync" | "past" | "legacy" | "drift";

/** May do everything; may only read; governs, but does not administer; owns the schema `acme/SALES/CORE` and sees nothing else. */
export type Who = "admin" | "reader" | "steward" | "owner";

export interface PageServer {
  readonly address: string;
  /** Their API keys. */
  readonly keys: Readonly<Record<Who, string>>;
  readonly happens: (what: Happening) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts server-child.mjs.
 * @param options `tables`: of the large connection, 0 for none; `port`: 0 takes any free one
 */
export function startPageServer(store: string, options?: { readonly tables?: number; readonly port?: number }): Promise<PageServer>;
