import type { LegacyDataSource } from "../../model/legacy-data-source";
import type { LegacySourceRow } from "../../model/legacy-store";
import { fromPathKey } from "../../model/path-key";
import type { LegacyAccess } from "./access";

export type DescribeSource = (row: LegacySourceRow) => Promise<LegacyDataSource>;

/** A data source as the former API shows it; one that was upgraded has the name that it has now. */
export function describeSource({ requireHost }: LegacyAccess): DescribeSource {
  return async (row) => {
    const { id, name, database, schema, table, collection, isEnabled, tags, owners, policies, hostKey, upgradedTo } = row;
    const objectPath = upgradedTo === null ? null : [...fromPathKey(upgradedTo)];
    const { host } = await requireHost(hostKey);
    return {
      ...{ id, name: objectPath?.join(".") ?? name, database, schema, table, host, collection, isEnabled },
      ...{ tags, owners, policies, objectPath },
    };
  };
}
