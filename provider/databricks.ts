/* An entry of its own: it needs the package @pulumi/databricks, which only those who use this install. */
export type { DatabricksCatalogs } from "./components/databricks-names";
export { DatabricksServicePrincipal, type DatabricksServicePrincipalArgs } from "./components/databricks-service-principal";
