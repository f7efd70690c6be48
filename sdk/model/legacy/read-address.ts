import { BadRequestError } from "../errors";
import type { Drop } from "./dropped";
import type { AddressFields } from "./fields";
import type { LegacyAccount, LegacyLogin, LegacySource, StringOption } from "./registration";

/** Technologies that connections take, in the spelling that they take. */
const SUPPORTED = ["Snowflake", "Databricks"];

/** The option of `connectionStringOptions` that opens an encrypted key, in lower case. */
export const KEY_PASSWORD_OPTION = "priv_key_file_pwd";

/**
 * The account that a payload names, and its login.
 * @throws BadRequestError with file, line and field where an address is incomplete or a file is no base64.
 */
export function readAccount(address: AddressFields, handler: string, field: readonly PropertyKey[], source: LegacySource): LegacyAccount {
  const technology = SUPPORTED.find((name) => name.toLowerCase() === handler.toLowerCase()) ?? handler;
  const options = readStringOptions(address.connectionStringOptions ?? "");
  const isRole = ({ name }: StringOption) => name.toLowerCase() === "role";
  if (SUPPORTED.includes(technology)) {
    for (const name of ["hostname", "database"] as const) {
      if (address[name] === undefined) throw problemAt(source, [...field, name], `is missing; ${technology} needs it`);
    }
  }
  const { hostname, port, database, schema, warehouse, httpPath } = address;
  return {
    technology,
    hostname,
    port,
    database,
    schema,
    warehouse,
    httpPath,
    role: options.find(isRole)?.value,
    stringOptions: options.filter((option) => !isRole(option)),
    login: readLogin(address, field, source),
  };
}

/** Lists the options of `connectionStringOptions` that connections have nothing for. */
export function dropStringOptions({ stringOptions }: LegacyAccount, field: readonly PropertyKey[], drop: Drop): void {
  for (const { name, value } of stringOptions) {
    if (name.toLowerCase() === KEY_PASSWORD_OPTION) continue;
    drop([...field, "connectionStringOptions"], { [name]: value }, "a connection has no options of the driver");
  }
}

/** An error that says where the wrong field stands. */
export function problemAt(source: LegacySource, field: readonly PropertyKey[], reason: string): BadRequestError {
  const name = field.length === 0 ? "body" : field.map(String).join(".");
  return new BadRequestError(`${source.file}:${source.lineOf(field)}: ${name}: ${reason}`, { field: name });
}

/** `role=READER;queryTimeout=60` as its parts; a value in braces may hold a semicolon. */
function readStringOptions(text: string): StringOption[] {
  return [...text.matchAll(/\s*([^=;]+?)\s*=\s*(?:\{([^}]*)\}|([^;]*?))\s*(?:;|$)/g)].map(([, name, braced, plain]) => ({
    name: name!,
    value: braced ?? plain ?? "",
  }));
}

function readLogin(address: AddressFields, field: readonly PropertyKey[], source: LegacySource): LegacyLogin {
  const { authenticationMethod, username, password, userFiles } = address;
  const { useCertificate, clientId, clientSecret, scope, authorityUrl, resource, audience, publicCertificateThumbprint } = address;
  return {
    authenticationMethod,
    username,
    password,
    files: userFiles.map((file, index) => ({
      keyName: file.keyName ?? file.key ?? "",
      userFilename: file.userFilename ?? file.fileName,
      content: decode(file.content, [...field, "userFiles", index, "content"], source),
    })),
    oAuth: {
      useCertificate,
      clientId,
      clientSecret,
      scope,
      authorityUrl,
      resource: resource ?? audience,
      publicCertificateThumbprint,
    },
  };
}

function decode(content: string, field: readonly PropertyKey[], source: LegacySource): string {
  const packed = content.replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(packed)) throw problemAt(source, field, "is not base64; give the file's bytes in base64");
  return Buffer.from(packed, "base64").toString("utf8");
}
