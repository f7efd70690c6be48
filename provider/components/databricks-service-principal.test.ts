import * as pulumi from "@pulumi/pulumi";
import type { NativeIntegration } from "../../sdk/model/registration";
import { registrationProblems } from "../../sdk/model/registration-schema";
import { databricks } from "../../sdk/platforms/databricks";
import { switchedOn } from "../../sdk/platforms/feed-switches";
import { expectInAnyOrder } from "../../tests/support/any-order";
import {
  connectionInputs,
  declaredBy,
  inputsOf,
  ofType,
  waitedFor,
  type Declared,
  type MockOptions,
} from "../../tests/support/pulumi-mocks";
import { Connection } from "../connection";
import { DatabricksServicePrincipal, type DatabricksServicePrincipalArgs } from "../databricks";

const hostname = "adb-1234567890123456.7.azuredatabricks.net";
const applicationId = "0d2c9f5e-1111-4222-8333-abcdefabcdef";
const clientSecret = "dose-only-for-tests";
const args: DatabricksServicePrincipalArgs = { hostname, catalogs: ["sales"] };

/** What Databricks adds when it makes the resources. */
const computed = ({ type }: Declared) => {
  if (type.endsWith(":ServicePrincipal")) return { applicationId };
  return type.endsWith(":ServicePrincipalSecret") ? { secret: clientSecret } : {};
};
const onMocks = (program: () => unknown, options: MockOptions = {}) => declaredBy(program, { computed, ...options });
const declare = (more: Partial<DatabricksServicePrincipalArgs> = {}, options: MockOptions = {}) =>
  onMocks(() => new DatabricksServicePrincipal("gov", { ...args, ...more }), options);

const onCatalog = (catalog: string) => ({
  principal: applicationId,
  privileges: ["USE_CATALOG", "MANAGE", "USE_SCHEMA", "SELECT", "MODIFY"],
  catalog,
});
const onSystem = [
  { principal: applicationId, privileges: ["USE_CATALOG"], catalog: "system" },
  { principal: applicationId, privileges: ["USE_SCHEMA", "SELECT"], schema: "system.access" },
  { principal: applicationId, privileges: ["USE_SCHEMA", "SELECT"], schema: "system.query" },
];
const grants = (declared: readonly Declared[]) => ofType(declared, "Grant").map(({ inputs }) => inputs);
const expectGrants = (declared: readonly Declared[], expected: readonly object[]) => expectInAnyOrder(grants(declared), expected);

describe("the service principal", () => {
  it("may use Databricks SQL, and has a secret and a small serverless warehouse that stops when idle", async () => {
    const declared = await declare();
    expect(inputsOf(declared, "ServicePrincipal")).toEqual({ displayName: "gov", databricksSqlAccess: true });
    expect(inputsOf(declared, "ServicePrincipalSecret")).toEqual({ servicePrincipalId: "gov-id" });
    expect(inputsOf(declared, "SqlEndpoint")).toEqual({
      name: "gov",
      clusterSize: "2X-Small",
      maxNumClusters: 1,
      autoStopMins: 10,
      enableServerlessCompute: true,
      warehouseType: "PRO",
    });
  });

  it("may use that warehouse, as nobody else but admins", async () => {
    expect(inputsOf(await declare(), "Permissions")).toEqual({
      sqlEndpointId: "gov-id",
      accessControls: [{ servicePrincipalName: applicationId, permissionLevel: "CAN_USE" }],
    });
  });

  it("takes other names, a warehouse of another kind, and a secret that ends sooner or is made anew", async () => {
    const declared = await declare({
      displayName: "Governance reader",
      warehouseName: "reader",
      warehouseSize: "Small",
      warehouseAutoStopMinutes: 30,
      serverless: false,
      secretLifetimeSeconds: 86_400,
      secretVersion: "2",
    });
    expect(inputsOf(declared, "ServicePrincipal")).toMatchObject({ displayName: "Governance reader" });
    expect(inputsOf(declared, "ServicePrincipalSecret")).toEqual({ servicePrincipalId: "gov-id", lifetime: "86400s", timeRotating: "2" });
    expect(inputsOf(declared, "SqlEndpoint")).toMatchObject({
      name: "reader",
      clusterSize: "Small",
      autoStopMins: 30,
      enableServerlessCompute: false,
      warehouseType: "PRO",
    });
  });
});

describe("the grants", () => {
  it("are what the connection needs on the catalog, and no more", async () => {
    expectGrants(await declare(), [onCatalog("sales")]);
  });

  it("are made on each catalog", async () => {
    expectGrants(await declare({ catalogs: ["sales", "hr-data"] }), [onCatalog("sales"), onCatalog("hr-data")]);
  });

  it("open the system tables of audit, lineage and statements when audit is on", async () => {
    expectGrants(await declare({ audit: true }), [onCatalog("sales"), ...onSystem]);
    expectGrants(await declare({ audit: false }), [onCatalog("sales")]);
    expectGrants(await declare({ lineage: true, tags: true }), [onCatalog("sales"), ...onSystem.slice(0, 2)]);
    expectGrants(await declare({ tags: true }), [onCatalog("sales")]);
  });

  it("are made by key where names come out of other resources, also while these are unknown", async () => {
    const unknown = pulumi.output(pulumi.unknown as string);
    const preview = await declare({ catalogs: { sales: unknown, hr: pulumi.output("hr") }, hostname: unknown }, { preview: true });
    expect(ofType(preview, "Grant").map(({ name }) => name)).toEqual(expect.arrayContaining(["gov-catalog-sales", "gov-catalog-hr"]));
    expect(grants(preview).map(({ catalog }) => catalog)).toEqual(expect.arrayContaining(["hr", { __pulumiUnknown: true }]));
    expect(grants(preview)).toHaveLength(2);
    expect(inputsOf(preview, "SqlEndpoint")).toMatchObject({ name: "gov" });
  });

  it("are called by their catalog, so that another one beside it renames none", async () => {
    const names = (declared: readonly Declared[]) => declared.map(({ type, name }) => `${type} ${name}`);
    const before = names(await declare());
    expect(names(await declare({ catalogs: ["hr", "sales"] }))).toEqual(expect.arrayContaining(before));
  });
});

describe("the connection", () => {
  const register = async (more: Partial<DatabricksServicePrincipalArgs> = {}, options: MockOptions = {}) => {
    const declared = await onMocks(() => {
      const { connection, nativeIntegration } = new DatabricksServicePrincipal("gov", { ...args, ...more });
      new Connection("lakehouse", { connectionKey: "lakehouse", connection, nativeIntegration });
    }, options);
    return connectionInputs(declared);
  };

  it("has what the contract asks for", async () => {
    expect(await register()).toEqual({
      connectionKey: "lakehouse",
      connection: {
        technology: "Databricks",
        hostname,
        port: 443,
        httpPath: "/sql/1.0/warehouses/gov-id",
        authenticationType: "oAuthM2M",
        oAuthClientConfig: {
          useCertificate: false,
          clientId: applicationId,
          clientSecret,
          scope: "all-apis",
          authorityUrl: `https://${hostname}/oidc/v1/token`,
        },
      },
    });
  });

  it.each<Partial<DatabricksServicePrincipalArgs>>([
    {},
    { hostname: `https://${hostname}/`, port: 8443 },
    { audit: true },
    { audit: true, workspaceIds: ["1234567890123456"] },
    { audit: true, lineage: true, tags: true },
  ])("is what a registration takes, with %j", async (more) => {
    expect(registrationProblems([databricks], await register(more))).toEqual([]);
  });

  it("switches on exactly what is asked for", async () => {
    const { nativeIntegration } = await register({ lineage: true, tags: true });
    expect(switchedOn(nativeIntegration as NativeIntegration)).toEqual(["tags", "lineage"]);
  });

  it("has the secret as its only secret", async () => {
    let secrets: string[] = [];
    await onMocks(async () => {
      const { connection } = new DatabricksServicePrincipal("gov", args);
      const { oAuthClientConfig, ...members } = connection;
      const marked = await Promise.all(
        Object.entries({ ...members, ...(oAuthClientConfig as object) }).map(
          async ([name, member]) => [name, await pulumi.isSecret(pulumi.output(member as unknown))] as const,
        ),
      );
      secrets = marked.flatMap(([name, isSecret]) => (isSecret ? [name] : []));
    });
    expect(secrets).toEqual(["clientSecret"]);
  });

  it("takes the workspace's address as a URL, and another port", async () => {
    expect(await register({ hostname: `https://${hostname.toUpperCase()}/`, port: 8443 })).toMatchObject({
      connection: { hostname, port: 8443, oAuthClientConfig: { authorityUrl: `https://${hostname}:8443/oidc/v1/token` } },
    });
  });

  it("asks for audit in the integration when it is on, of the workspaces that are named", async () => {
    const { nativeIntegration } = await register({ audit: true, workspaceIds: ["1234567890123456"] });
    expect(nativeIntegration).toEqual({
      type: "Databricks",
      autoBootstrap: false,
      unityCatalog: true,
      config: {
        host: hostname,
        port: 443,
        httpPath: "/sql/1.0/warehouses/gov-id",
        authenticationType: "oAuthM2M",
        oAuthClientConfig: expect.objectContaining({ clientId: applicationId, clientSecret }) as unknown,
        audit: { enabled: true },
        workspaceIds: ["1234567890123456"],
      },
    });
    expect(await register({ audit: true })).not.toHaveProperty("nativeIntegration.config.workspaceIds");
  });

  it("can be previewed before the service principal exists: what is known then is shown", async () => {
    const { connection } = await register({}, { preview: true });
    const unknown = { __pulumiUnknown: true };
    expect(connection).toMatchObject({
      hostname,
      port: 443,
      httpPath: unknown,
      oAuthClientConfig: { clientId: unknown, clientSecret: unknown, authorityUrl: `https://${hostname}/oidc/v1/token` },
    });
  });

  it("waits for the warehouse's permission and every grant", async () => {
    let waits: string[][] = [];
    await onMocks(async () => {
      const { connection } = new DatabricksServicePrincipal("gov", { ...args, catalogs: ["sales", "hr"], audit: true });
      const { clientId, clientSecret: secret } = connection.oAuthClientConfig as unknown as Record<string, pulumi.Output<string>>;
      waits = await Promise.all([connection.httpPath as pulumi.Output<string>, clientId!, secret!].map(waitedFor));
    });
    const granted = ["catalog-sales", "catalog-hr", "system", "system-access", "system-query"].map((key) => `Grant gov-${key}`);
    for (const names of waits) expect(names).toEqual(expect.arrayContaining(["Permissions gov", ...granted]));
  });
});

describe("what cannot work is refused at once", () => {
  it.each([
    [{ catalogs: ["sales", "Sales"] }, /^DatabricksServicePrincipal "gov": catalogs: names Sales twice/],
    [{ catalogs: ["sales.main"] }, /catalogs: "sales\.main" has a character that no catalog's name can have/],
    [{ catalogs: { hr: "`hr`" } }, /catalogs\.hr: "`hr`" has a character .* without quotes/],
    [{ catalogs: [""] }, /catalogs: is empty/],
    [{ catalogs: ["System"] }, /catalogs: System is Databricks' own/],
    [{ hostname: "acme.cloud.databricks.com:443" }, /hostname: "acme\.cloud\.databricks\.com:443" is no host; .* without port or path/],
    [{ hostname: "https://acme.cloud.databricks.com/sql" }, /hostname: .* is no host/],
    [{ workspaceIds: ["1"] }, /workspaceIds: says whose audit is read, which is off; set audit to true/],
  ])("%j", async (more, message) => {
    await expect(declare(more)).rejects.toThrow(message);
  });
});
