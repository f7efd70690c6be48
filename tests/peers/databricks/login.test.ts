import { setTimeout as delay } from "node:timers/promises";
import type { ConnectionInformation } from "../../../sdk/model/registration";
import { databricksPlatform } from "../../../sdk/platforms/databricks";
import type { Limits } from "../../../sdk/platforms/databricks/limits";
import { sessionOf } from "../sessions";
import { describeDatabricks, openSession, SHORT, useWorkspace } from "./harness";

const OAUTH = { useCertificate: false, clientId: "governance", clientSecret: "m2m-secret", scope: "all-apis" };

describeDatabricks("logging in to Databricks", () => {
  const workspace = useWorkspace();
  beforeAll(() => workspace.change("SELECT metastore.put_catalog('sales')"));

  const check = async (connection: ConnectionInformation, limits?: Limits) => (await openSession(connection, limits)).check();
  async function refusal(connection: ConnectionInformation): Promise<string> {
    const error = await check(connection, SHORT).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ statusCode: 422, name: "PlatformError" });
    return error!.message;
  }

  it("takes the right token", async () => {
    await check(workspace.connection());
    expect(workspace.bridge.sent[0]).toMatchObject({ method: "GET", path: "/api/2.1/unity-catalog/catalogs" });
  });

  it.each([
    [{ token: "wrong-wrong" }, /^connection\.token: the workspace does not accept this token; make one .*HTTP 403/],
    [{ port: 1 }, /^connection\.hostname: 127\.0\.0\.1:1 cannot be reached/],
    [{ hostname: "nowhere.invalid", port: 443 }, /^connection\.hostname: there is no host nowhere\.invalid/],
    [{ certificateAuthority: undefined }, /^connection\.certificateAuthority: the certificate of 127\.0\.0\.1:\d+ is not trusted/],
  ])("refuses %j with the field and the next step", async (part, message) => {
    const said = await refusal(workspace.connection(part));
    expect(said).toMatch(message);
    expect(said).not.toMatch(/wrong-wrong|dapi-good/);
  });

  it.each([
    [
      401,
      { error_code: "401", message: "Credential was not sent or was of an unsupported type for this API." },
      /connection\.token: the workspace does not accept/,
    ],
    [403, { message: "The access token expired" }, /connection\.token: the token has expired; make a new one, or use oAuthM2M/],
    [
      403,
      { message: "Source IP address: 10.0.0.1 is blocked by Databricks IP ACL" },
      /connection\.hostname: an IP access list .* does not admit/,
    ],
    [403, { error_code: "PERMISSION_DENIED", message: "" }, /lacks a privilege/],
    [404, "<html>not here</html>", /connection\.hostname: what answers at .* is not a Databricks workspace; correct hostname/],
    [200, "<html>welcome</html>", /connection\.hostname: what answers at .* is not a Databricks workspace/],
    [302, "", /connection\.hostname: what answers at .* is not a Databricks workspace/],
    [500, { message: "oops" }, /127\.0\.0\.1:\d+: the workspace is not available; run it again later/],
  ])("says what an answer of %s %j means", async (status, body, message) => {
    workspace.bridge.disturb = ({ path }) => (path.startsWith("/api/") ? { status, body } : undefined);
    expect(await refusal(workspace.connection())).toMatch(message);
  });

  it("says that the workspace does not answer", async () => {
    workspace.bridge.disturb = () => ({ hang: true });
    expect(await refusal(workspace.connection())).toMatch(/127\.0\.0\.1:\d+: the workspace did not answer in time/);
  });

  describe("to a warehouse", () => {
    const starting = {
      status: 503,
      headers: { "retry-after": "1", "x-thriftserver-error-message": "TEMPORARILY_UNAVAILABLE: Cluster is starting" },
    };
    const isOpening = ({ method }: { method: string }) => method === "OpenSession";

    it("waits for one that starts on demand", async () => {
      let refused = 0;
      workspace.bridge.warehouse = { state: "STARTING" };
      workspace.bridge.disturb = (sent) => (isOpening(sent) && refused++ < 1 ? starting : undefined);
      await check(workspace.connection());
      expect(refused).toBe(2);
    });

    it("says what it waits for, and in which state that is, until it answers", async () => {
      const said: string[] = [];
      workspace.bridge.warehouse = { state: "STARTING" };
      workspace.bridge.disturb = (sent) => (isOpening(sent) && said.length < 2 ? starting : undefined);
      const session = await sessionOf(databricksPlatform(SHORT), workspace.connection(), { onWait: (what) => said.push(what) });
      await session.check();
      expect(said.length).toBeGreaterThan(1);
      expect(said[0]).toMatch(/^the warehouse, which is STARTING, of \/sql\/1\.0\/warehouses\/test to answer, for \d s so far$/);
      const heard = said.length;
      await delay(500);
      expect(said).toHaveLength(heard);
    });

    it("waits for one that gives out sessions which it does not know yet", async () => {
      let refused = 0;
      workspace.bridge.warehouse = { state: "STARTING" };
      const fails = "requirement failed: Session handle: SessionHandle [x] has not been initialized or had already closed.";
      workspace.bridge.disturb = ({ statement }) => (statement.includes("catalogs") && refused++ < 1 ? { fails } : undefined);
      await check(workspace.connection());
      expect(workspace.bridge.sent.filter(isOpening)).toHaveLength(2);
    });

    it.each([
      [
        "STARTING",
        starting,
        /connection\.httpPath: the warehouse of \/sql\/1\.0\/warehouses\/test is still starting; run it again when it runs/,
      ],
      ["STOPPED", starting, /connection\.httpPath: the warehouse of .* is stopped and does not start on demand; start it/],
      ["DELETING", starting, /connection\.httpPath: the warehouse of .* is being deleted; name another one/],
      ["DELETED", { status: 404 }, /connection\.httpPath: the warehouse of .* is deleted; name another one/],
      [undefined, { status: 404 }, /connection\.httpPath: the warehouse of .* is deleted; name another one/],
    ])("says that it is %s", async (state, disturbance, message) => {
      workspace.bridge.warehouse = state === undefined ? undefined : { state };
      workspace.bridge.disturb = (sent) => (isOpening(sent) ? disturbance : undefined);
      expect(await refusal(workspace.connection())).toMatch(message);
    });

    it("says that it does not answer", async () => {
      workspace.bridge.disturb = (sent) => (isOpening(sent) ? { hang: true } : undefined);
      expect(await refusal(workspace.connection())).toMatch(/did not answer within 3 s/);
    });

    it("says that the identity may not use it", async () => {
      const headers = { "x-databricks-error-or-redirect-message": "You do not have permission to use the SQL Warehouse." };
      workspace.bridge.disturb = (sent) => (isOpening(sent) ? { status: 403, headers } : undefined);
      expect(await refusal(workspace.connection())).toMatch(
        /connection\.httpPath: this identity may not use the warehouse .*; give it CAN USE/,
      );
    });
  });

  it("refuses isolated catalogs, and says which", async () => {
    workspace.bridge.catalogs = [
      { name: "sales", isolation_mode: "ISOLATED" },
      { name: "open", isolation_mode: "OPEN" },
      { name: "system", isolation_mode: "ISOLATED", catalog_type: "SYSTEM_CATALOG" },
    ];
    expect(await refusal(workspace.connection())).toMatch(
      /connection\.hostname: catalogs are bound to certain workspaces \(catalog isolation\), which is not supported with a connection: sales\. Open them/,
    );
  });

  it("says that the identity sees no catalog", async () => {
    await workspace.change("SELECT metastore.drop_catalog('sales')");
    expect(await refusal(workspace.connection())).toMatch(/the identity sees no catalog .*GRANT USE CATALOG ON CATALOG <catalog> TO/);
    await workspace.change("SELECT metastore.put_catalog('sales')");
  });

  describe("by OAuth", () => {
    const connection = (part: object = {}) => {
      const authorityUrl = `https://127.0.0.1:${workspace.bridge.port}/oidc/v1/token`;
      const { token: _, ...rest } = workspace.connection();
      return { ...rest, authenticationType: "oAuthM2M", oAuthClientConfig: { ...OAUTH, authorityUrl, ...part } };
    };

    it("logs in with a token of the client's, and keeps it for the next session", async () => {
      workspace.bridge.clients["governance"] = "m2m-secret";
      await check(connection());
      await check(connection());
      expect([...workspace.bridge.tokens]).toEqual(["dapi-good", "issued-1"]);
    });

    it("asks once for another token when the kept one is refused", async () => {
      workspace.bridge.clients["governance"] = "m2m-secret";
      await check(connection());
      workspace.bridge.tokens.delete("issued-1");
      workspace.bridge.tokens.add("other");
      await check(connection());
      expect([...workspace.bridge.tokens]).toEqual(["dapi-good", "other", "issued-2"]);
    });

    it("names the field that the token endpoint refuses", async () => {
      workspace.bridge.clients["governance"] = "another";
      const said = await refusal(connection());
      expect(said).toMatch(/^connection\.oAuthClientConfig\.clientId: the token endpoint refuses this client or its secret/);
      expect(said).not.toContain("m2m-secret");
      workspace.bridge.clients["governance"] = "m2m-secret";
      expect(await refusal(connection({ scope: "sql" }))).toMatch(/^connection\.oAuthClientConfig\.scope: /);
    });
  });
});
