import path from "node:path";
import { fileURLToPath } from "node:url";

export const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, "..", "..");

/** What is kept from one run to the next; git ignores it. */
export const cacheFolder = path.join(root, ".bench");
