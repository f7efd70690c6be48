import { story } from "./harness";
import { startLegacyServer, type LegacyServer } from "./made-accounts";
import { Project } from "./project";

const ACME = "acme.snowflakecomputing.com";
const OTHER = "other.snowflakecomputing.com";

const v1 = (tables: readonly string[]) => `{
    handler: [${tables
      .map(
        (table) => `{ metadata: {
      hostname: "${ACME}", warehouse: "WH", authenticationMethod: "userPassword", username: "svc",
      password: config.requireSecret("password"), connectionStringOptions: "role=GOV",
      database: "SALES", schema: "PUBLIC", table: "${table}", dataSourceName: "Sales ${table}",
    } }`,
      )
      .join(", ")}],
    dataSource: { blobHandlerType: "Snowflake", type: "queryable" },
  }`;

const v2 = (key: string, hostname: string, tables: readonly string[], role = "GOV") =>
  JSON.stringify(
    `connectionKey: ${key}
connection:
  handler: Snowflake
  hostname: ${hostname}
  database: ${key}
  schema: PUBLIC
  warehouse: WH
  username: svc
  password: legacy-password
  connectionStringOptions: role=${role}
sources:
${tables.map((table) => `  - table: ${table}\n`).join("")}`,
  );

const program = (registrations: Readonly<Record<string, string>>) =>
  [
    "const config = new pulumi.Config();",
    ...Object.entries(registrations).map(
      ([name, args]) => `exports.${name} = new LegacyDataSource("${name}", ${args}).connectionKey.apply((key) => key ?? "old way");`,
    ),
  ].join("\n");

story("registrations of the old way that move over with `pulumi up`", () => {
  const project = new Project();
  let server: LegacyServer;
  let ids: Readonly<Record<string, number>>;

  beforeAll(async () => {
    server = await startLegacyServer(project);
    await project.init();
    await project.pulumi("config", "set", "--secret", "password", "legacy-password");
    for (const host of [ACME, OTHER]) {
      expect(await server.send("POST", "/integrations", { type: "Snowflake", config: { host } })).toMatchObject({ status: 200 });
    }
  });
  afterAll(() => server.stop());

  const idsByName = async () => Object.fromEntries((await server.sources()).map(({ name, id }) => [name, id]));
  const registeredOldWay = {
    shop: `{ payload: ${v1(["T000", "T001"])}, registerOldWay: true }`,
    staff: `{ payload: ${v2("SALES", ACME, ["T002", "T003"])}, registerOldWay: true }`,
    other: `{ payload: ${v2("SALES-OTHER", OTHER, ["T000"]).replace("database: SALES-OTHER", "database: SALES")}, registerOldWay: true }`,
  };

  it("are registered by the former API where that is asked for", async () => {
    project.program(program(registeredOldWay));
    expect(await project.preview()).toMatchObject({ code: 0, changes: ["other: create", "shop: create", "staff: create"] });
    expect(await server.sources()).toEqual([]);
    expect(await project.up()).toMatchObject({ code: 0, errors: "" });
    ids = await idsByName();
    expect(Object.keys(ids).sort()).toEqual(["Sales T000", "Sales T001", "public.t000", "public.t002", "public.t003"]);
    expect((await project.outputs())["shop"]).toMatchObject({
      dataSources: [
        { id: ids["Sales T000"], name: "Sales T000", table: "SALES/PUBLIC/T000" },
        { id: ids["Sales T001"], name: "Sales T001", table: "SALES/PUBLIC/T001" },
      ],
    });
    expect(JSON.stringify(await project.exported())).not.toContain("legacy-password");
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
  });

  it("are kept as declared: what was changed outside shows in a preview and is taken back", async () => {
    await server.send("PUT", "/dataSource/bulk/disable", { ids: [ids["Sales T001"], ids["public.t003"]] });
    const preview = await project.preview();
    expect(preview.drift).toEqual({
      shop: ['data source "Sales T001": isEnabled: recorded true, is false'],
      staff: ['data source "public.t003" is not as it was registered'],
    });
    expect(await project.up()).toMatchObject({ code: 0, changes: ["shop: update", "staff: update"] });
    expect(await idsByName()).toEqual(ids);
    expect(await project.refresh()).toMatchObject({ code: 0, errors: "" });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("become one connection with its statuses once their account was upgraded, and no data source is touched", async () => {
    const connection = {
      technology: "Snowflake",
      hostname: ACME,
      warehouse: "WH",
      role: "UPGRADE",
      username: "svc",
      password: "legacy-password",
    };
    const started = await server.send("POST", "/upgrade", { connectionKey: "warehouse", connection });
    expect(started).toMatchObject({ status: 200 });
    await server.send("POST", "/jobs/statuses", { bulkId: started.body["bulkId"], waitSeconds: 60 });
    const preview = await project.preview();
    expect(preview).toMatchObject({
      code: 0,
      errors: "",
      changes: ["shop: delete", "staff: delete", "warehouse: create", "warehouse: create"],
    });
    expect(preview.warnings).toContain("warehouse: is connected with another role than the program says");
    expect(preview.stdout).toContain("parts of the registrations change or have no home");
    const up = await project.up();
    expect(up).toMatchObject({ code: 0, errors: "" });
    expect(up.stdout).toContain("its account was upgraded to a connection; the data sources stay");
    const after = await server.sources();
    expect(Object.fromEntries(after.map(({ id, name }) => [id, name]))).toEqual({
      [ids["public.t000"]!]: "public.t000",
      [ids["Sales T000"]!]: "warehouse.SALES.PUBLIC.T000",
      [ids["Sales T001"]!]: "warehouse.SALES.PUBLIC.T001",
      [ids["public.t002"]!]: "warehouse.SALES.PUBLIC.T002",
      [ids["public.t003"]!]: "warehouse.SALES.PUBLIC.T003",
    });
    expect(await project.stackOutputs()).toEqual({ shop: "warehouse", staff: "warehouse", other: "old way" });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
    expect(await project.refresh()).toMatchObject({ code: 0, errors: "" });
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
    expect(JSON.stringify(await project.exported())).not.toContain("legacy-password");
  });

  it("stay as they are where the upgrade fails, also in an up that goes on after errors", async () => {
    const { other, ...rest } = registeredOldWay;
    const ofNobody = other.replace(", registerOldWay: true", ', connectionKey: "second", connection: { role: "NOBODY" }');
    project.program(program({ ...rest, other: ofNobody }));
    const before = await idsByName();
    const up = await project.up("--continue-on-error");
    expect(up.code).not.toBe(0);
    expect(up.stdout).toContain("NOBODY does not exist");
    expect(await idsByName()).toEqual(before);
  });

  it("are upgraded by the up itself where the old way is no longer asked for", async () => {
    const { other, ...rest } = registeredOldWay;
    project.program(program({ ...rest, other: other.replace(", registerOldWay: true", ', connectionKey: "second"') }));
    const preview = await project.preview();
    expect(preview).toMatchObject({ code: 0, changes: ["other: delete", "second: create", "second: create"] });
    expect(preview.stdout).toContain("second: the upgrade would move 1 data sources and leave 0");
    expect(await project.up()).toMatchObject({ code: 0, errors: "" });
    expect((await idsByName())["second.SALES.PUBLIC.T000"]).toBe(ids["public.t000"]);
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
  });

  it("say of each table on its own: one that is taken out inherits, one that moves between payloads is not touched", async () => {
    project.program(
      program({
        shop: `{ payload: ${v1(["T000", "T003"])}, registerOldWay: true }`,
        staff: `{ payload: ${v2("SALES", ACME, ["T002"])}, registerOldWay: true }`,
        other: `{ payload: ${v2("SALES", OTHER, ["T000"])} }`,
      }),
    );
    expect(await project.up()).toMatchObject({ code: 0, changes: ["warehouse: update"] });
    expect((await server.sources()).map(({ name }) => name)).toEqual([
      "second.SALES.PUBLIC.T000",
      "warehouse.SALES.PUBLIC.T000",
      "warehouse.SALES.PUBLIC.T002",
      "warehouse.SALES.PUBLIC.T003",
    ]);
  });

  it("are refused where two of one account contradict each other, naming both", async () => {
    project.program(
      program({
        shop: `{ payload: ${v1(["T000"])} }`,
        staff: `{ payload: ${v2("SALES", ACME, ["T002"], "READER")} }`,
      }),
    );
    const preview = await project.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors).toContain(
      'LegacyDataSource "shop" and LegacyDataSource "staff": connection.role of Snowflake account acme at acme.snowflakecomputing.com:443',
    );
    expect(preview.errors).toContain("(GOV | READER)");
    expect(preview.errors.match(/connection\.role of/g)).toHaveLength(1);
  });
});
