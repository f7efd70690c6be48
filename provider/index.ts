export { ActivationSetting, type ActivationSettingArgs } from "./activation-setting";
export {
  Connection,
  type ConnectionArgs,
  type ConnectionSettingsArgs,
  type DuckdbConnectionArgs,
  type NativeIntegrationArgs,
  type PrincipalArgs,
  type UpgradeFromArgs,
} from "./connection";
export type { DatabricksConnectionArgs, DatabricksOAuthArgs, DatabricksTokenArgs, DatabricksWorkspaceArgs } from "./databricks-connection";
export { Governance, type GovernanceArgs, type GovernanceRule, type GovernedConnectionArgs } from "./governance";
export type { GovernanceRules } from "./governance-rules";
export { LegacyDataSource } from "./legacy-data-source";
export type { LegacyDataSourceArgs } from "./legacy-declaration";
export type { OAuthClientArgs } from "./oauth-client";
export type { ObjectPathInput } from "./object-setting";
export { ObjectStatus, type ObjectStatusArgs } from "./object-status";
export { ObjectStatuses, objectPathText, type ObjectSettingMap, type ObjectStatusesArgs } from "./object-statuses";
export type {
  SnowflakeAccountArgs,
  SnowflakeConnectionArgs,
  SnowflakeKeyPairArgs,
  SnowflakeOAuthArgs,
  SnowflakeOAuthClientArgs,
  SnowflakePasswordArgs,
  SnowflakePrivateKeyArgs,
} from "./snowflake-connection";
