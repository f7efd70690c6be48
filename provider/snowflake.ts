/* An entry of its own: it needs the package @pulumi/snowflake, which only those who use this install. */
export type { SnowflakeDatabases } from "./components/snowflake-names";
export {
  SnowflakeSystemAccount,
  type SnowflakeSystemAccountArgs,
  type SnowflakeSystemConnection,
  type SnowflakeSystemKey,
  type SnowflakeSystemLogin,
} from "./components/snowflake-system-account";
