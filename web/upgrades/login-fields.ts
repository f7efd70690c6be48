import type { LegacyHost } from "../../sdk/model/legacy-data-source";

export interface LoginField {
  readonly name: string;
  readonly label: string;
  readonly isSecret: boolean;
}

interface Login {
  readonly fields: readonly LoginField[];
  /** What goes with these fields. */
  readonly fixed: Readonly<Record<string, string>>;
}

const field = (name: string, label: string): LoginField => ({ name, label, isSecret: false });
const secret = (name: string, label: string): LoginField => ({ name, label, isSecret: true });

/** The usual way to sign in to each platform (contract: registration payloads); others are written as JSON. */
const LOGINS: Readonly<Record<string, Login>> = {
  Snowflake: {
    fields: [field("warehouse", "Warehouse"), field("role", "Role"), field("username", "User"), secret("password", "Password")],
    fixed: { authenticationType: "userPassword" },
  },
  Databricks: {
    fields: [field("httpPath", "HTTP path"), secret("token", "Token")],
    fixed: { authenticationType: "token" },
  },
};

const NONE: Login = { fields: [], fixed: {} };

export function loginOf({ technology }: LegacyHost): Login {
  return LOGINS[technology] ?? NONE;
}
