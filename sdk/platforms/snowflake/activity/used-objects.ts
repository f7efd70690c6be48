import type { Access, ObservedAccess, ObservedLineage, TableName } from "../../../model/activity";
import { parseQualifiedName } from "../qualified-name";

/**
 * An element of DIRECT_OBJECTS_ACCESSED, BASE_OBJECTS_ACCESSED or OBJECTS_MODIFIED, or OBJECT_MODIFIED_BY_DDL itself. Names are
 * left out of what comes from a share, and cut to `TRUNCATED` (with an id of -1) where the record is too long.
 */
interface UsedObject {
  readonly objectDomain?: string;
  readonly objectName?: string;
  readonly columns?: readonly UsedColumn[];
}

interface UsedColumn {
  readonly columnId?: number | string;
  readonly columnName?: string;
  readonly directSources?: readonly (UsedColumn & UsedObject)[];
}

/** A domain of tables or views, however it is written; functions, stages and others are no data objects here. */
export function isTableDomain(domain: string | null | undefined): boolean {
  return /(TABLE|VIEW)$/i.test(domain ?? "");
}

/** What a JSON text of one of the columns holds; an empty list for none. */
export function usedObjects(json: string | null): UsedObject[] {
  if (json === null || json === "") return [];
  const value = JSON.parse(json) as UsedObject | readonly UsedObject[] | null;
  return value === null ? [] : Array.isArray(value) ? [...(value as readonly UsedObject[])] : [value as UsedObject];
}

export function accessesOf(objects: readonly UsedObject[], access: Access): ObservedAccess[] {
  return objects.flatMap((object) => {
    const table = tableOf(object);
    return table === undefined ? [] : [{ ...table, access, columns: listedColumns(object.columns) }];
  });
}

/** From each column that a written column was made of directly to that column. */
export function columnLineage(modified: readonly UsedObject[], at: string): ObservedLineage[] {
  return modified.flatMap((object) => {
    const target = tableOf(object);
    if (target === undefined) return [];
    return (object.columns ?? []).flatMap((column) =>
      (column.directSources ?? []).flatMap((origin): ObservedLineage[] => {
        const source = tableOf(origin);
        if (source === undefined) return [];
        const [sourceColumn, targetColumn] = [nameOf(origin), nameOf(column)];
        return [
          { source, target, at, ...(sourceColumn !== undefined && { sourceColumn }), ...(targetColumn !== undefined && { targetColumn }) },
        ];
      }),
    );
  });
}

function tableOf({ objectDomain, objectName }: UsedObject): TableName | undefined {
  if (objectName === undefined || !isTableDomain(objectDomain)) return undefined;
  const names = parseQualifiedName(objectName);
  if (names?.length !== 3) return undefined;
  const [database, schema, table] = names as [string, string, string];
  return { database, schema, table };
}

/** Of a DDL statement, `columns` is something else than a list. */
function listedColumns(columns: unknown): string[] {
  if (!Array.isArray(columns)) return [];
  return (columns as readonly UsedColumn[]).map(nameOf).filter((name) => name !== undefined);
}

function nameOf({ columnId, columnName }: UsedColumn): string | undefined {
  return Number(columnId) === -1 ? undefined : columnName;
}
