import type { ServerParts } from "./bridge.cjs";

/** @returns where GET / answers the server's parts (see bridge.d.cts), starting them first, and POST /restart restarts Spark. */
export function startServer(found: string): Promise<{ readonly address: string }>;
/** Stops what `startServer` started, if anything. */
export function stopServer(): Promise<void>;
/** Waits until nobody else has the server: what is in its metastore is one test file's business at a time. */
export function takeServer(address: string): Promise<{ readonly parts: ServerParts; readonly giveBack: () => void }>;
