import type { CollectionResult } from "../../model/legacy-api";
import type { LegacyChange, LegacySourceRow, NewLegacySource } from "../../model/legacy-store";
import { placeOf } from "./read-payload";

export interface CollectionChanges {
  readonly result: Omit<CollectionResult, "dryRun">;
  readonly writes: Pick<LegacyChange, "create" | "update" | "disable" | "remove">;
}

/**
 * What a V2 payload makes of a collection (contract: V2 payloads): it is the whole wish. A table that it drops is disabled, with
 * `hardDelete` deleted; one that moved to another host is deleted and made anew.
 */
export function changesOf(
  known: readonly LegacySourceRow[],
  wanted: readonly NewLegacySource[],
  hostKey: string,
  hardDelete: boolean,
): CollectionChanges {
  const here = new Map(known.filter((row) => row.hostKey === hostKey).map((row) => [placeOf(row), row]));
  const elsewhere = known.filter((row) => row.hostKey !== hostKey);
  const create: NewLegacySource[] = [];
  const update: { id: number; source: NewLegacySource }[] = [];
  const noChange: string[] = [];
  let tagsUpdated = false;
  for (const source of wanted) {
    const row = here.get(placeOf(source));
    here.delete(placeOf(source));
    if (row === undefined) create.push(source);
    else if (isSame(row, source)) noChange.push(source.name);
    else {
      update.push({ id: row.id, source: { ...source, policies: row.policies } });
      tagsUpdated ||= JSON.stringify(row.tags) !== JSON.stringify(source.tags);
    }
  }
  const dropped = [...here.values()];
  const gone = hardDelete ? dropped : dropped.filter(({ isEnabled }) => isEnabled);
  return {
    result: {
      creating: namesOf(create),
      updating: namesOf(update.map(({ source }) => source)),
      deleting: namesOf([...gone, ...elsewhere]),
      noChange,
      detectionRunning: false,
      tagsUpdated: tagsUpdated || create.some(({ tags }) => tags.table.length > 0 || tags.columns.length > 0),
    },
    writes: {
      create,
      update,
      disable: hardDelete ? [] : gone.map(({ id }) => id),
      remove: [...(hardDelete ? gone : []), ...elsewhere].map(({ id }) => id),
    },
  };
}

function isSame(row: LegacySourceRow, source: NewLegacySource): boolean {
  const facts = ({ name, isEnabled, tags, owners }: NewLegacySource) => JSON.stringify([name, isEnabled, tags, owners]);
  return facts(row) === facts(source);
}

function namesOf(sources: readonly { readonly name: string }[]): string[] {
  return sources.map(({ name }) => name);
}
