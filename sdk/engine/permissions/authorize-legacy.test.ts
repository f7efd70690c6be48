import type { Permission } from "../../model/caller";
import type { LegacyApi } from "../../model/legacy-api";
import { testEngine } from "../../../tests/support/engine";
import { HOST, OTHER_HOST, integrate, registerV1, v1, v2 } from "../../../tests/support/legacy";
import { account } from "../../../tests/support/memory-platform";

const TABLE = "SALES.PUBLIC.ORDERS";

/** Every call, and who may make it: admin, create, governance. */
const CALLS: readonly [keyof LegacyApi, string, (legacy: LegacyApi, id: number, integration: number) => Promise<unknown>][] = [
  ["register", "- yes yes", (legacy) => legacy.register("snowflake", v1(["SALES.PUBLIC.RETURNS"]))],
  ["replaceHandler", "- yes yes", (legacy, id) => legacy.replaceHandler("snowflake", id, v1([TABLE]))],
  ["deleteHandler", "- yes yes", (legacy, id) => legacy.deleteHandler("snowflake", id)],
  [
    "editConnections",
    "- yes yes",
    (legacy, id) => legacy.editConnections("snowflake", { ids: [id], handler: { metadata: { username: "new" } } }),
  ],
  ["saveCollection", "- yes yes", (legacy) => legacy.saveCollection(v2("other", "OTHER", "PUBLIC", ["T"]))],
  ["deleteCollection", "- yes yes", (legacy) => legacy.deleteCollection("kept", { dryRun: true })],
  ["list", "yes yes yes", (legacy) => legacy.list()],
  ["get", "yes yes yes", (legacy, id) => legacy.get(id)],
  ["getByName", "yes yes yes", (legacy) => legacy.getByName(`old ${HOST} ${TABLE}`)],
  ["setEnabled", "- yes yes", (legacy, id) => legacy.setEnabled(id, false)],
  ["delete", "- yes yes", (legacy, id) => legacy.delete(id)],
  ["changeMany", "- yes yes", (legacy, id) => legacy.changeMany("disable", [id])],
  ["detect", "- yes yes", (legacy) => legacy.detect({})],
  ["listIntegrations", "yes yes yes", (legacy) => legacy.listIntegrations()],
  ["createIntegration", "yes - -", (legacy) => integrate(legacy, OTHER_HOST)],
  ["deleteIntegration", "yes - -", (legacy, _id, integration) => legacy.deleteIntegration(integration)],
];
const PERMISSIONS: readonly Permission[] = ["APPLICATION_ADMIN", "CREATE_DATA_SOURCE", "GOVERNANCE"];
const cells = CALLS.flatMap(([name, expected, call]) =>
  expected.split(" ").map((cell, index) => [name, PERMISSIONS[index]!, cell === "yes", call] as const),
);

it.each(cells)("%s by %s: allowed %p", async (_name, permission, allowed, call) => {
  const { api } = testEngine(account({ SALES: { PUBLIC: ["ORDERS"] } }), {}, "Snowflake");
  await integrate(api.legacy);
  const [id] = await registerV1(api.legacy, [TABLE]);
  await api.legacy.saveCollection(v2("kept", "KEPT", "PUBLIC", ["T"]));
  const [integration] = await api.legacy.listIntegrations();
  const legacy = api.legacyAs({ name: "user 7", permissions: [permission], principals: [] });
  const result = call(legacy, id!, integration!.id);
  if (allowed) await expect(result).resolves.not.toThrow();
  else await expect(result).rejects.toMatchObject({ statusCode: 403, message: expect.stringContaining("user 7 may not") as string });
});
