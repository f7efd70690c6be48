import type { Migration } from "kysely";
import { first } from "./001-first";

/** Every migration by name, in the order of the names. A released one is never changed. */
export const migrations: Readonly<Record<string, Migration>> = { "001-first": first };
