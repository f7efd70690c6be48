import { KEY, serve } from "../../tests/support/server";
import { register, testEngine } from "../../tests/support/engine";
import { account } from "../../tests/support/memory-platform";
import { duckdb } from "../platforms/duckdb";
import { createScripts } from "./scripts";

const request = { type: "Memory", autoBootstrap: false, config: {} } as const;

async function registered() {
  const { api } = testEngine(account({ sales: { main: ["orders"] }, stock: {} }));
  await register(api);
  const { nativeIntegrationId } = await api.getConnection("warehouse");
  return { api, nativeIntegrationId, ...(await serve(api)) };
}

it("writes a setup script before anything is registered, and stores nothing", async () => {
  const { api } = testEngine(account({}));
  expect(await api.createSetupScript({ ...request, databases: ["sales"] })).toBe("SHOW sales;\n");
  expect(await api.searchObjects([])).toEqual({ count: 0, hits: [] });
});

it("writes a cleanup script for what is registered of the connection, without its secrets", async () => {
  const { client, nativeIntegrationId } = await registered();
  expect(await client.createCleanupScript(nativeIntegrationId)).toBe("HIDE sales FROM warehouse;\nHIDE stock FROM warehouse;\n");
});

it("answers a text, as the contract's calls do", async () => {
  const { endpoint, nativeIntegrationId } = await registered();
  const post = (path: string, body?: object) =>
    fetch(endpoint + path, {
      method: "POST",
      headers: { authorization: KEY, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  for (const answer of [
    await post("/integrations/scripts/create", { ...request, databases: ["sales"] }),
    await post(`/integrations/${nativeIntegrationId}/scripts/delete`),
  ]) {
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
    expect(await answer.text()).toMatch(/^(SHOW|HIDE) sales/);
  }
});

it("names what is wrong with a request for a script", async () => {
  const { client, nativeIntegrationId } = await registered();
  const wrong = { ...request, config: { audit: "yes" } };
  await expect(client.createSetupScript(wrong)).rejects.toMatchObject({ statusCode: 400, field: "config.audit" });
  await expect(client.createSetupScript({ ...request, type: "Redshift" })).rejects.toMatchObject({ statusCode: 400, field: "type" });
  await expect(client.createSetupScript({ ...request, autoBootstrap: true as never })).rejects.toMatchObject({ field: "autoBootstrap" });
  await expect(client.createCleanupScript(nativeIntegrationId + 1_000)).rejects.toMatchObject({
    statusCode: 404,
    field: "id",
    message: expect.stringContaining("nativeIntegrationId") as string,
  });
});

it("takes only a connection's id, not that of a table", async () => {
  const { client } = await registered();
  const { id } = await client.getObject(["warehouse", "sales", "main", "orders"]);
  await expect(client.createCleanupScript(id)).rejects.toMatchObject({ statusCode: 404, field: "id" });
});

it("says so where a platform needs no script", async () => {
  const scripts = createScripts({ platforms: [duckdb] } as unknown as Parameters<typeof createScripts>[0]);
  const plain = { type: "DuckDB", autoBootstrap: false, config: {} } as const;
  await expect(scripts.createSetupScript(plain)).rejects.toMatchObject({
    statusCode: 400,
    field: "type",
    message: expect.stringContaining("DuckDB needs no script") as string,
  });
});
