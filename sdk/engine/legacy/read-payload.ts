import { BadRequestError } from "../../model/errors";
import { hostOf, type LegacyHost, type RegisteredOwner, type RegisteredTags } from "../../model/legacy-data-source";
import type { NewLegacySource } from "../../model/legacy-store";
import { legacyName, type TableNames } from "../../model/legacy/names";
import { readV1 } from "../../model/legacy/read-v1";
import { readV2 } from "../../model/legacy/read-v2";
import type { LegacyRegistration, LegacyTable } from "../../model/legacy/registration";

/** A body has no file and lines: errors name the field alone. */
const BODY = { file: "body", lineOf: () => 1 };

export function readHandlers(payload: unknown, technology: string): LegacyRegistration[] {
  const registrations = inBody(() => readV1(payload, BODY, technology));
  const other = registrations.find((one) => one.technology.toLowerCase() !== technology.toLowerCase());
  if (other !== undefined) {
    throw new BadRequestError(`dataSource.blobHandlerType: is ${other.technology}, but the call is for ${technology}; use one of them`, {
      field: "dataSource.blobHandlerType",
    });
  }
  return registrations.map(requireTables);
}

export function readCollection(payload: unknown): LegacyRegistration {
  return requireTables(inBody(() => readV2(payload, BODY)));
}

export function hostOfRegistration({ technology, hostname, port, form }: LegacyRegistration): LegacyHost {
  const host = hostOf({ technology, hostname, port });
  if (host !== undefined) return host;
  const field = form === "V1" ? "handler.metadata.hostname" : "connection.hostname";
  throw new BadRequestError(`${field}: is missing; name the host that the tables are on`, { field });
}

/** The data source that a registration makes of a table. */
export function sourceOf(
  registration: LegacyRegistration,
  table: TableNames & Partial<LegacyTable>,
  policies: readonly unknown[],
): NewLegacySource {
  const { database, schema, table: name, tags } = table;
  return {
    ...{ database, schema, table: name },
    name: legacyName(registration, table),
    isEnabled: true,
    tags: tagsOf(registration, tags),
    owners: ownersOf(registration, [database, schema, name]),
    policies,
  };
}

function tagsOf({ tableTags }: LegacyRegistration, own: LegacyTable["tags"] | undefined): RegisteredTags {
  const table = [...new Set([...tableTags, ...(own?.table ?? [])])];
  return { table, columns: (own?.columns ?? []).map(({ columnName, tags }) => ({ column: columnName, tags: [...new Set(tags)] })) };
}

/** Owners of the table itself and of what it lies in. */
function ownersOf({ owners }: LegacyRegistration, path: readonly string[]): RegisteredOwner[] {
  const own = owners.filter((one) => one.path.every((name, index) => name === path[index])).flatMap((one) => one.owners);
  const known = own.flatMap(({ type, id, name }): RegisteredOwner[] => {
    if (id !== undefined) return [{ type, id }];
    return name === undefined ? [] : [{ type, name }];
  });
  return [...new Map(known.map((owner) => [JSON.stringify(owner), owner])).values()];
}

/** A data source that is made of a statement has no table that could become an object. */
function requireTables(registration: LegacyRegistration): LegacyRegistration {
  const [query] = registration.queries;
  if (query === undefined) return registration;
  throw new BadRequestError(`${query.name}: a data source that is made of a query is not supported; make a view of it, and name the view`, {
    field: registration.form === "V1" ? "handler.metadata.query" : "sources",
  });
}

function inBody<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BadRequestError)) throw error;
    const details = error.field === undefined ? {} : { field: error.field };
    throw new BadRequestError(error.message.replace(/^body:1: /, ""), details);
  }
}

/** One text for one table of a host. */
export function placeOf({ database, schema, table }: TableNames): string {
  return JSON.stringify([database, schema, table]);
}
