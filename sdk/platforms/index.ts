import type { Platform } from "../model/platform";
import { databricks } from "./databricks";
import { duckdb } from "./duckdb";
import { snowflake } from "./snowflake";

/** Every platform that connections can be registered on. */
export const platforms: readonly Platform[] = [duckdb, snowflake, databricks];
