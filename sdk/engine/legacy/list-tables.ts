import { NotFoundError } from "../../model/errors";
import type { MonitoredContainer } from "../../model/legacy-data-source";
import type { TableNames } from "../../model/legacy/names";
import { formatObjectPath } from "../../model/object-path";
import type { PlatformSession } from "../../model/platform";
import { resolveName } from "../upgrade/match-tables";

/**
 * Every table of a schema or a database, in the platform's spelling.
 * @throws NotFoundError when the platform does not show the container.
 */
export async function listTables(session: PlatformSession, container: MonitoredContainer, signal?: AbortSignal): Promise<TableNames[]> {
  const names = (await session.listDatabases(signal)).map(({ name }) => name);
  const database = resolveName(container.database, names);
  if (database === undefined) throw notThere(container);
  const tables: TableNames[] = [];
  const schemas: string[] = [];
  for await (const batch of session.streamObjects({ database }, { columns: false, ...(signal && { signal }) })) {
    for (const { schema, table } of batch) {
      if (table === undefined) schemas.push(schema);
      else tables.push({ database, schema, table });
    }
  }
  if (container.schema === null) return tables;
  const schema = resolveName(container.schema, schemas);
  if (schema === undefined) throw notThere(container);
  return tables.filter((table) => table.schema === schema);
}

function notThere({ database, schema }: MonitoredContainer): NotFoundError {
  const path = formatObjectPath(schema === null ? [database] : [database, schema]);
  return new NotFoundError(`${path}: the login does not see it; correct the name, or grant the login access`, {
    field: "connection.database",
  });
}
