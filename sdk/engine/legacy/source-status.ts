import type { BulkChange, DeletedDataSource, LegacyApi } from "../../model/legacy-api";
import type { Store } from "../../model/store";
import type { LegacyAccess } from "./access";
import type { LegacyAction } from "./blocked";
import type { DescribeSource } from "./describe-source";

const ACTION_OF: Readonly<Record<BulkChange, LegacyAction>> = { delete: "delete", restore: "enable", disable: "disable" };

/** Enabling, disabling and deleting registered data sources (contract: V1 calls). */
export function createSourceStatus(
  store: Store,
  { requireSource, demand }: LegacyAccess,
  describe: DescribeSource,
): Pick<LegacyApi, "deleteHandler" | "setEnabled" | "delete" | "changeMany"> {
  return {
    deleteHandler: (_technology, handlerId) => deleteOne(handlerId),

    async setEnabled(id, isEnabled) {
      await requireSource(id, isEnabled ? "enable" : "disable");
      await demand(await store.setLegacyEnabled([id], isEnabled), isEnabled ? "enable" : "disable");
      return describe((await store.listLegacySources({ ids: [id] }))[0]!);
    },

    delete: (id) => deleteOne(id),

    async changeMany(type, ids) {
      const action = ACTION_OF[type];
      for (const id of ids) await requireSource(id, action);
      await demand(await (type === "delete" ? store.deleteLegacySources(ids) : store.setLegacyEnabled(ids, type === "restore")), action);
      return { ids };
    },
  };

  async function deleteOne(id: number): Promise<DeletedDataSource> {
    const { name, isEnabled } = await requireSource(id, "delete");
    await demand(await (isEnabled ? store.setLegacyEnabled([id], false) : store.deleteLegacySources([id])), "delete");
    return { success: true, id, name, hardDelete: !isEnabled, disabled: isEnabled };
  }
}
