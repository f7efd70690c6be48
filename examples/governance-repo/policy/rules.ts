import type { ResourceValidationPolicy } from "@pulumi/policy";

/** What the rules look at of a connection, as the engine of Pulumi has it: anything may be missing or of another type. */
interface DeclaredConnection {
  readonly connection?: { readonly authenticationType?: unknown };
  readonly settings?: { readonly isActive?: unknown; readonly dataOwners?: unknown };
}

const CONNECTION = "pulumi-nodejs:dynamic/connections:Connection";

/** A rule that nobody can override, for connections and nothing else. */
function forConnections(
  name: string,
  description: string,
  problemOf: (connection: DeclaredConnection) => string | undefined,
): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: ({ type, props }, reportViolation) => {
      if (type !== CONNECTION) return;
      const problem = problemOf(props as DeclaredConnection);
      if (problem !== undefined) reportViolation(problem);
    },
  };
}

export const rules: readonly ResourceValidationPolicy[] = [
  forConnections(
    "connection-inactive-at-the-top",
    "What is active is said by rules beneath the top, never for a whole account.",
    ({ settings }) =>
      settings?.isActive === true ? "settings.isActive is true: every table would be a data source; use rules instead" : undefined,
  ),
  forConnections("owners-required", "Somebody answers for every connection.", ({ settings }) =>
    Array.isArray(settings?.dataOwners) && settings.dataOwners.length > 0
      ? undefined
      : "settings.dataOwners is empty: name the users or groups who answer for the data",
  ),
  forConnections("no-password-authentication", "Passwords are shared and forgotten; key pairs and OAuth are not.", ({ connection }) =>
    connection?.authenticationType === "userPassword"
      ? 'connection.authenticationType is "userPassword": use keyPair or oAuthClientCredentials'
      : undefined,
  ),
];
