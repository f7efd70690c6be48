import type { ActivityFeed } from "../../model/activity";
import { BadRequestError } from "../../model/errors";
import type { PlatformScripts } from "../../model/setup-script";
import { sqlComment, sqlScript } from "../common/sql-script";
import { switchedOn } from "../feed-switches";
import { grantSql, revokeSql } from "./grants";
import { integrationConfigSchema } from "./integration-config";
import { ON_SYSTEM_CATALOG, ON_SYSTEM_SCHEMAS, ON_WHOLE_CATALOG, SYSTEM_CATALOG, systemSchemasOf } from "./privileges";

/** Does not exist, so that a statement which was not filled in fails. */
const NOT_KNOWN = "PRINCIPAL_OF_THE_TOKEN";
const FILL_IN = `A token does not tell whose it is: put that user or service principal (its application id) in place of ${NOT_KNOWN}.`;
const EXAMPLE = "CATALOG_NAME";

interface Grant {
  readonly names: readonly string[];
  readonly privileges: readonly string[];
}

/** Grants to the connection's identity: what `DatabricksServicePrincipal` grants, as SQL. The identity itself is not made by SQL. */
export const databricksScripts: PlatformScripts = {
  setup(request) {
    const { databases: catalogs = [], importedDatabases, principal: named } = request;
    if (importedDatabases !== undefined) {
      throw new BadRequestError("importedDatabases: is for Snowflake; shared catalogs are left out on Databricks", {
        field: "importedDatabases",
      });
    }
    const config = integrationConfigSchema.parse(request.config);
    const clientId = config.oAuthClientConfig?.clientId;
    if (named !== undefined && clientId !== undefined && named !== clientId) {
      throw new BadRequestError(
        "principal: is another than config.oAuthClientConfig.clientId, which the connection logs in as; remove it",
        {
          field: "principal",
        },
      );
    }
    const principal = named ?? clientId ?? NOT_KNOWN;
    const grant = ({ names, privileges }: Grant) => grantSql(privileges, names, principal);
    return sqlScript(
      [
        sqlComment(
          "Grants what a connection needs in a Databricks metastore. Run it on a SQL warehouse as an owner of the catalogs, or with MANAGE on them.",
          "In the workspace, beside this: CAN USE on the connection's SQL warehouse, for which there is no SQL.",
        ),
        ...(principal === NOT_KNOWN ? [sqlComment(FILL_IN)] : []),
      ],
      catalogs.map((catalog) => grant(onCatalog(catalog))),
      onSystem(switchedOn(request)).map(grant),
      catalogs.length > 0
        ? []
        : [
            sqlComment(
              `No catalogs were named, so the identity sees none yet. For each that it is to see, with its name in place of ${EXAMPLE}:`,
              grant(onCatalog(EXAMPLE)),
            ),
          ],
    );
  },

  cleanup({ connection, nativeIntegration, databases }) {
    const { oAuthClientConfig } = connection as { readonly oAuthClientConfig?: { readonly clientId: string } };
    const principal = oAuthClientConfig?.clientId ?? NOT_KNOWN;
    const revoke = ({ names, privileges }: Grant) => revokeSql(privileges, names, principal);
    return sqlScript(
      [
        sqlComment(
          "Takes a connection's grants back in a Databricks metastore. Run it when the connection is deregistered, as an owner of the catalogs, or",
          "with MANAGE on them. Read it first: whatever else the identity needs these for loses them too.",
        ),
        ...(principal === NOT_KNOWN ? [sqlComment(FILL_IN)] : []),
      ],
      [...databases.map(onCatalog), ...onSystem(switchedOn(nativeIntegration))].map(revoke),
      [sqlComment("The service principal, its secrets and the SQL warehouse are removed in the workspace, for which there is no SQL.")],
    );
  },
};

function onCatalog(catalog: string): Grant {
  return { names: [catalog], privileges: ON_WHOLE_CATALOG };
}

function onSystem(feeds: readonly ActivityFeed[]): Grant[] {
  const schemas = systemSchemasOf(feeds);
  if (schemas.length === 0) return [];
  return [
    { names: [SYSTEM_CATALOG], privileges: ON_SYSTEM_CATALOG },
    ...schemas.map((schema) => ({ names: [SYSTEM_CATALOG, schema], privileges: ON_SYSTEM_SCHEMAS })),
  ];
}
