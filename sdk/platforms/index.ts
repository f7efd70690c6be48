import type { Platform } from "../model/platform";
import { duckdb } from "./duckdb";

/** Every platform that connections can be registered on. */
export const platforms: readonly Platform[] = [duckdb];
