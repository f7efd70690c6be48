import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execute, root, story } from "./harness";
import { startLegacyServer, type LegacyServer } from "./made-accounts";
import { Project } from "./project";

const ACME = "acme.snowflakecomputing.com";
const OTHER = "other.snowflakecomputing.com";
const EACH = 250;

const login = { username: "svc", password: "legacy-password", warehouse: "WH", authenticationMethod: "userPassword" };
const tables = Array.from({ length: EACH }, (_, index) => `T${String(index).padStart(3, "0")}`);
const declared = (name: string, hostname: string, more = "") => `
  new Connection("${name}", {
    connectionKey: "${name}",
    connection: {
      technology: "Snowflake", hostname: "${hostname}", warehouse: "WH", role: "GOV",
      authenticationType: "userPassword", username: "GOV", password: "connection-password",
    },
    upgradeFrom: { hostname: "${hostname}"${more} },
  });`;

story("500 data sources of two accounts that were registered one by one", () => {
  const project = new Project();
  let server: LegacyServer;
  let ids: number[];

  beforeAll(async () => {
    server = await startLegacyServer(project);
    await project.init();
  });
  afterAll(() => server.stop());

  const send: LegacyServer["send"] = (...call) => server.send(...call);
  const sources = () => server.sources();
  const v1 = () => ({
    handler: tables.map((table) => ({
      metadata: { hostname: ACME, ...login, database: "SALES", schema: "PUBLIC", table, dataSourceName: `Sales ${table}` },
    })),
    dataSource: { blobHandlerType: "Snowflake", type: "queryable" },
    schemaEvolution: { disabled: true },
  });
  const yaml = [
    "connectionKey: other-sales",
    `connection: {handler: Snowflake, hostname: ${OTHER}, database: SALES, schema: PUBLIC, username: svc, password: legacy-password}`,
    "sources:",
    ...tables.map((table) => `  - {table: ${table}, tags: {table: [PCI]}}`),
  ].join("\n");

  it("are registered by the former API, V1 in bulk and V2 in YAML", async () => {
    for (const host of [ACME, OTHER]) {
      expect(await send("POST", "/integrations", { type: "Snowflake", config: { host } })).toMatchObject({ status: 200 });
    }
    expect(await send("POST", "/snowflake/handler", v1())).toMatchObject({ status: 200 });
    expect(await send("POST", "/api/v2/data", yaml, "application/yaml")).toMatchObject({ status: 200, body: { tagsUpdated: true } });
    ids = (await sources()).map(({ id }) => id);
    expect(ids).toHaveLength(2 * EACH);
  });

  it("are not touched by a preview, which shows the plan and what blocks it", async () => {
    project.program(declared("acme", ACME) + declared("other", OTHER));
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, changes: ["acme: create", "other: create"] });
    expect(preview.stdout).toContain("acme: the upgrade would move 250 data sources and leave 0; 0 more tables would become active and 50");
    expect(preview.warnings).toContain("other: the upgrade is blocked: data sources are registered with tags");
    expect(preview.stdout).not.toContain("password");
    expect(await send("PUT", `/dataSource/${ids[0]}`, { disabled: false })).toMatchObject({ status: 200 });
  });

  it("are upgraded by an up, under their ids; the blocked account stays as it is", async () => {
    const up = await project.up();
    expect(up.code).not.toBe(0);
    expect(up.errors).toContain('acknowledge "registrationTags"');
    expect(await send("PUT", `/dataSource/${ids[EACH]}`, { disabled: false })).toMatchObject({ status: 200 });
    project.program(declared("acme", ACME) + declared("other", OTHER, ', acknowledge: ["registrationTags"]'));
    expect(await project.up()).toMatchObject({ code: 0, errors: "" });
    const found = await sources();
    expect(found.map(({ id }) => id).sort((a, b) => a - b)).toEqual(ids);
    expect(found.every(({ legacy }) => legacy === undefined)).toBe(true);
    expect(found[0]).toMatchObject({ id: ids[0], name: "acme.SALES.PUBLIC.T000" });
    expect((await project.outputs())["acme"]).toMatchObject({ counts: { tables: 300 } });
  });

  it("leave nothing to do", async () => {
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
    expect(await project.refresh()).toMatchObject({ code: 0, errors: "" });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("are refused by the former calls from then on", async () => {
    for (const [method, path, body, type] of [
      ["POST", "/snowflake/handler", v1()],
      ["POST", "/api/v2/data", yaml, "application/yaml"],
      ["PUT", "/dataSource/bulk/disable", { ids }],
    ] as const) {
      expect(await send(method, path, body, type)).toMatchObject({
        status: 400,
        body: { message: expect.stringMatching(/^400 Bad Request - .+\. Use the \/data endpoint\./) as string },
      });
    }
    expect(await sources()).toHaveLength(2 * EACH);
  });

  describe("and converted by the command line", () => {
    const converted = new Project({ name: "converted" });
    const convert = (...args: string[]) =>
      execute(
        process.execPath,
        [join(root, "dist/sdk/cli/main.js"), "convert", "registrations", ...args],
        converted.folder,
        converted.environment,
      );
    const [onAcme, onOther] = [ACME, OTHER].map((host) => `Snowflake account ${host.split(".")[0]} at ${host}:443`);

    beforeAll(async () => {
      Object.assign(converted.environment, {
        CONNECTIONS_ENDPOINT: server.endpoint,
        CONNECTIONS_API_KEY: project.environment["CONNECTIONS_API_KEY"],
      });
      mkdirSync(converted.path("registrations"));
      converted.write("registrations/acme.json", JSON.stringify(v1()));
      converted.write("registrations/other.yaml", yaml);
      await converted.init();
    });

    it("become a program, once what the registrations leave open is decided", async () => {
      const refused = await convert("--out", "written");
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain(`"connection.role of ${onAcme}"`);
      converted.write(
        "decisions.yaml",
        [`"connection.role of ${onAcme}": GOV`, `"connection.role of ${onOther}": GOV`, `"connection.warehouse of ${onOther}": WH`].join(
          "\n",
        ),
      );
      const written = await convert("--decisions", "decisions.yaml", "--out", "written");
      expect(written).toMatchObject({ code: 0 });
      const files = readdirSync(converted.path("written"));
      expect(files.sort()).toEqual(["CONVERSION.md", "Pulumi.yaml", "index.ts", "overrides.json", "package.json", "tsconfig.json"]);
      for (const file of files) expect(readFileSync(converted.path("written", file), "utf8")).not.toContain("legacy-password");
      const report = readFileSync(converted.path("written", "CONVERSION.md"), "utf8");
      expect(report).toContain("251 registrations become 2 connections; 0 stay as they are.");
      expect(report).toContain("pulumi config set --secret acme-password");
      expect(report).toContain("Sales T000");
    });

    it("and that very program is applied without a data source gained, lost or renamed", async () => {
      const before = await sources();
      for (const file of ["index.ts", "overrides.json", "tsconfig.json"])
        copyFileSync(converted.path("written", file), converted.path(file));
      converted.write(
        "Pulumi.yaml",
        readFileSync(converted.path("written", "Pulumi.yaml"), "utf8").replace("name: written", "name: converted"),
      );
      // What the written package.json asks for beside the package.
      symlinkSync(join(root, "node_modules/@types"), converted.path("node_modules/@types"), "dir");
      for (const key of ["acme", "other"]) await converted.pulumi("config", "set", "--secret", `${key}-password`, "legacy-password");
      expect(await converted.up()).toMatchObject({
        code: 0,
        errors: "",
        changes: ["acme: create", "other: create", "overrides: create"],
      });
      expect(await sources()).toEqual(before);
      expect(before).toHaveLength(2 * EACH);
      expect(await converted.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
      expect(await converted.refresh()).toMatchObject({ code: 0, errors: "" });
      expect(await converted.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
      expect(await send("POST", "/snowflake/handler", v1())).toMatchObject({ status: 400 });
    });
  });
});
