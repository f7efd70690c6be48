import type { LegacyRegistration } from "../model/legacy/registration";
import type { Platform } from "../model/platform";
import { accountIdentity as databricksIdentity, normalizeConnection as normalizeDatabricks } from "../platforms/databricks/connection";
import { databricks } from "../platforms/databricks";
import { snowflake } from "../platforms/snowflake";
import { accountIdentity as snowflakeIdentity, normalizeConnection as normalizeSnowflake } from "../platforms/snowflake/connection";

const DEFAULT_PORT = 443;

/** How a registration's account is reached, in one spelling. */
export interface AccountAddress {
  readonly hostname: string;
  readonly port: number;
  readonly warehouse?: string;
  readonly httpPath?: string;
  readonly role?: string;
}

/** A technology that registrations can be converted on. */
export interface Convertible {
  readonly platform: Platform;
  /** What names one account: registrations of the same one share a connection. */
  readonly identityOf: (address: AccountAddress) => string;
  readonly addressOf: (registration: LegacyRegistration) => AccountAddress;
  /** The fields of which a connection has one, and registrations may name several. */
  readonly fields: readonly ("hostname" | "warehouse" | "httpPath" | "role")[];
  /** What names one account to people, as the start of a connection key. */
  readonly shortName: (hostname: string) => string;
}

const onSnowflake: Convertible = {
  platform: snowflake,
  fields: ["hostname", "warehouse", "role"],
  identityOf: (address) => snowflakeIdentity({ ...address } as Parameters<typeof snowflakeIdentity>[0]),
  addressOf: (registration) => {
    const { warehouse, role } = registration;
    const normalized = normalizeSnowflake({ hostname: hostAlone(registration) } as Parameters<typeof normalizeSnowflake>[0]);
    return {
      hostname: normalized.hostname,
      port: registration.port ?? DEFAULT_PORT,
      ...(warehouse !== undefined && { warehouse }),
      ...(role !== undefined && { role }),
    };
  },
  shortName: (hostname) => hostname.split(".")[0]!,
};

const onDatabricks: Convertible = {
  platform: databricks,
  fields: ["hostname", "httpPath"],
  identityOf: (address) => databricksIdentity({ ...address } as Parameters<typeof databricksIdentity>[0]),
  addressOf: (registration) => {
    const hostname = hostAlone(registration);
    const { httpPath } = registration;
    const normalized = normalizeDatabricks({ hostname, httpPath: httpPath ?? "/" } as Parameters<typeof normalizeDatabricks>[0]);
    return {
      hostname: normalized.hostname,
      port: registration.port ?? DEFAULT_PORT,
      ...(httpPath !== undefined && { httpPath: normalized.httpPath }),
    };
  },
  shortName: (hostname) => hostname.split(".")[0]!,
};

/** The technology of a registration; undefined where it has to stay as it is. */
export function convertibleOf({ technology }: Pick<LegacyRegistration, "technology">): Convertible | undefined {
  return [onSnowflake, onDatabricks].find(({ platform }) => platform.technology === technology);
}

function hostAlone({ hostname = "" }: LegacyRegistration): string {
  return hostname.replace(/^https?:\/\//i, "").replace(/\/+$/, "");
}
