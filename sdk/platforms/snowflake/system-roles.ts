/** Of every account (Snowflake: system-defined roles). A connection that uses one may do more than it needs. */
const SYSTEM_ROLES = ["ACCOUNTADMIN", "GLOBALORGADMIN", "ORGADMIN", "PUBLIC", "SECURITYADMIN", "SYSADMIN", "USERADMIN"];

/** @param role its exact name. */
export function isSystemRole(role: string): boolean {
  return SYSTEM_ROLES.includes(role);
}
