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
export { ConnectionsProvider, type ConnectionsProviderArgs } from "./connections-provider";
export type { DatabricksConnectionArgs, DatabricksOAuthArgs, DatabricksTokenArgs, DatabricksWorkspaceArgs } from "./databricks-connection";
export {
  getDrift,
  getDriftOutput,
  getObject,
  getObjectOutput,
  getObjects,
  getObjectsOutput,
  type FunctionOptions,
  type GetDriftOutputArgs,
  type GetObjectOutputArgs,
  type GetObjectsOutputArgs,
  type OutputFunctionOptions,
} from "./functions";
export type { GetDriftArgs, GetObjectArgs, GetObjectsArgs, GetObjectsResult } from "./function-args";
export { Governance, type GovernanceArgs, type GovernanceRule, type GovernedConnectionArgs } from "./governance";
export type { GovernanceRules } from "./governance-rules";
export { LegacyDataSource } from "./legacy-data-source";
export type { LegacyDataSourceArgs } from "./legacy-declaration";
export type { OAuthClientArgs } from "./oauth-client";
export { ObjectOwners, type ObjectOwnerMap, type ObjectOwnersArgs, type PrincipalNameArgs } from "./object-owners";
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
