import { BadRequestError, NotFoundError } from "../../model/errors";
import type { LegacyApi } from "../../model/legacy-api";
import { hostKeyOf } from "../../model/legacy-data-source";
import type { LegacySourceRow } from "../../model/legacy-store";
import type { LegacyRegistration } from "../../model/legacy/registration";
import { v1BulkSchema } from "../../model/legacy/v1-payload";
import type { Store } from "../../model/store";
import { parse } from "../../model/validate";
import type { SecretBox } from "../secret-box";
import type { LegacyAccess } from "./access";
import { connectionStringOf } from "./connection-string";
import { hostOfRegistration, readHandlers } from "./read-payload";
import { monitoredOf } from "./registered";
import type { RegistrationRow } from "./registration-row";

interface EditParts {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly access: LegacyAccess;
  readonly registrationRow: RegistrationRow;
}

/** Other credentials for many data sources at once (contract: V1 calls). */
export function createEditConnections({ store, secrets, access, registrationRow }: EditParts): Pick<LegacyApi, "editConnections"> {
  const { requireOpen, requireSource, write } = access;

  return {
    async editConnections(technology, body) {
      const { ids, connectionString, handler } = parse(v1BulkSchema, body);
      const rows = await sourcesFor(technology, ids, connectionString);
      await requireOpen(
        rows.map(({ hostKey }) => hostKey),
        "editConnection",
      );
      for (const registrationId of new Set(rows.map((row) => row.registrationId))) {
        const own = rows.filter((row) => row.registrationId === registrationId);
        const row = await store.getLegacyRegistration(registrationId);
        const sent = JSON.parse(secrets.open(row!.secretPayload)) as LegacyRegistration;
        const [edited] = readHandlers(editedPayload(sent, own[0]!, handler.metadata), technology);
        if (hostKeyOf(hostOfRegistration(edited!)) !== own[0]!.hostKey) {
          throw new BadRequestError("handler.metadata.hostname: the data sources are on another host; register them there anew", {
            field: "handler.metadata.hostname",
          });
        }
        const merged = { ...sent, ...accountOf(edited!) };
        await write("editConnection", {
          ...{ registration: registrationRow(row!.host, row!.collection, merged), create: [], disable: [], remove: [] },
          monitored: row!.collection === null ? [] : monitoredOf([merged]),
          update: own.map((source) => ({ id: source.id, source })),
        });
      }
      return { ids: rows.map(({ id }) => id) };
    },
  };

  async function sourcesFor(technology: string, ids: readonly number[] | undefined, connectionString: string | undefined) {
    const isOfTechnology = ({ hostKey }: LegacySourceRow) => hostKey.toLowerCase().startsWith(`${technology.toLowerCase()} `);
    if (ids !== undefined) {
      const rows: LegacySourceRow[] = [];
      for (const id of ids) rows.push(await requireSource(id, "editConnection"));
      const other = rows.find((row) => !isOfTechnology(row));
      if (other !== undefined) throw new BadRequestError(`ids: data source ${other.id} is not on ${technology}`, { field: "ids" });
      return rows;
    }
    const rows: LegacySourceRow[] = [];
    for (const { hostKey, host } of await store.listLegacyHosts()) {
      const own = await store.listLegacySources({ hostKey });
      rows.push(...own.filter((row) => isOfTechnology(row) && connectionStringOf(host, row) === connectionString));
    }
    if (rows.length > 0) return rows;
    throw new NotFoundError("connectionString: no data source has it; name the data sources by ids instead", { field: "connectionString" });
  }
}

/** The metadata of one of the data sources with what is to be changed put over it. */
function editedPayload(
  sent: LegacyRegistration,
  { database, schema, table }: LegacySourceRow,
  metadata: Readonly<Record<string, unknown>>,
) {
  const { technology, hostname, port, warehouse, httpPath } = sent;
  const given = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
  return {
    handler: { metadata: { hostname, port, warehouse, httpPath, ...given, database, schema, table } },
    dataSource: { blobHandlerType: technology },
  };
}

/** Of a registration, the account and its login. */
function accountOf({ hostname, port, warehouse, httpPath, role, stringOptions, login }: LegacyRegistration) {
  return { hostname, port, warehouse, httpPath, role, stringOptions, login };
}
