import { NotFoundError } from "../../model/errors";
import type { LegacyApi, ListedDataSource } from "../../model/legacy-api";
import { compareBytes, fromPathKey } from "../../model/path-key";
import type { LegacySourceRow } from "../../model/legacy-store";
import type { Store } from "../../model/store";
import { listDataSources } from "../data-sources";
import { pageSize } from "../page-size";
import { unknownSource, type LegacyAccess } from "./access";
import type { DescribeSource } from "./describe-source";

const DATA_SOURCES_PER_PAGE = 1_000;

/** What the former API lists and reads: data sources of before, and those of connections beside them. */
export function createSourceReader(
  store: Store,
  { requireHost }: LegacyAccess,
  describe: DescribeSource,
): Pick<LegacyApi, "list" | "get" | "getByName"> {
  return {
    async list({ offset = 0, size: asked, sortField = "id", sortOrder = "asc", searchText = "" } = {}) {
      const size = pageSize(asked);
      const found: ListedDataSource[] = [];
      const text = searchText.toLowerCase();
      const technologies = new Map<string, string>();
      for (let after: string | null | undefined; after !== null;) {
        const { hits, next } = await listDataSources(store, [], { size: DATA_SOURCES_PER_PAGE, ...(after && { after }) });
        for (const { id, name, objectPath, legacy } of hits) {
          if (!name.toLowerCase().includes(text)) continue;
          const technology = legacy?.host.technology ?? (await technologyOf(objectPath[0]!, technologies));
          found.push({ id, name, technology, isEnabled: true, objectPath });
        }
        after = next;
      }
      for (const { id, name, hostKey } of await store.listLegacySources({ isUpgraded: false, isEnabled: false, searchText })) {
        found.push({ id, name, technology: (await requireHost(hostKey)).host.technology, isEnabled: false, objectPath: [] });
      }
      // Of one that moved while the list was read, the later entry holds.
      const hits = [...new Map(found.map((one) => [one.id, one])).values()];
      hits.sort((a, b) => (sortField === "id" ? a.id - b.id : compareBytes(a.name, b.name)));
      if (sortOrder === "desc") hits.reverse();
      return { count: hits.length, hits: hits.slice(offset, offset + size) };
    },

    async get(id) {
      const [row] = await store.listLegacySources({ ids: [id] });
      if (row === undefined) throw unknownSource(id);
      return describe(row);
    },

    async getByName(name) {
      const [row] = await store.listLegacySources({ name });
      if (row !== undefined && row.upgradedTo === null) return describe(row);
      if (row !== undefined) {
        const newName = fromPathKey(row.upgradedTo!).join(".");
        throw new NotFoundError(
          `dataSourceName: "${name}" is called "${newName}" since its host was upgraded; use that name, or id ${row.id}`,
          {
            field: "dataSourceName",
          },
        );
      }
      const [upgraded] = await upgradedCalled(name);
      if (upgraded !== undefined) return describe(upgraded);
      throw new NotFoundError(`dataSourceName: there is no data source "${name}"; list them to see their names`, {
        field: "dataSourceName",
      });
    },
  };

  async function upgradedCalled(name: string): Promise<LegacySourceRow[]> {
    const rows = await store.listLegacySources({ isUpgraded: true });
    return rows.filter(({ upgradedTo }) => fromPathKey(upgradedTo!).join(".") === name);
  }

  async function technologyOf(connectionKey: string, known: Map<string, string>): Promise<string> {
    if (!known.has(connectionKey)) known.set(connectionKey, (await store.getConnection(connectionKey))?.technology ?? "");
    return known.get(connectionKey)!;
  }
}
