import type { ObservedTag } from "../../../model/activity";
import type { Row } from "../driver";
import { writtenName } from "../qualified-name";
import { isTableDomain } from "./used-objects";

type TagRow = readonly [
  tagDatabase: string,
  tagSchema: string,
  tagName: string,
  value: string | null,
  database: string | null,
  schema: string | null,
  object: string,
  column: string | null,
  domain: string,
];

/** A tag of a row of TAG_REFERENCES; undefined where it is set on something else than a data object: a warehouse, a role. */
export function toTag(row: Row): ObservedTag | undefined {
  const [tagDatabase, tagSchema, tagName, tagValue, database, schema, object, column, domain] = row as unknown as TagRow;
  const tag = { name: writtenName([tagDatabase, tagSchema, tagName]), value: tagValue ?? "" };
  if (/^DATABASE$/i.test(domain)) return { ...tag, database: object };
  if (!database) return undefined;
  if (/^SCHEMA$/i.test(domain)) return { ...tag, database, schema: object };
  if (!schema) return undefined;
  if (/^COLUMN$/i.test(domain)) return column ? { ...tag, database, schema, table: object, column } : undefined;
  return isTableDomain(domain) ? { ...tag, database, schema, table: object } : undefined;
}
