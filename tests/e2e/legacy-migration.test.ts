import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execute, root, story } from "./harness";
import { startLegacyServer, type LegacyServer } from "./made-accounts";
import { Project } from "./project";

const EXAMPLE = join(root, "examples/legacy-migration");

/** The commands that the README gives, block by block, without their comments. */
const blocks = [...readFileSync(join(EXAMPLE, "README.md"), "utf8").matchAll(/```sh\n(.*?)```/gs)].map(([, text]) =>
  text!
    .trim()
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "")),
);

story("the example of a migration, as its README says", () => {
  const project = new Project({ name: "migration" });
  let server: LegacyServer;

  beforeAll(async () => {
    server = await startLegacyServer(project, "HR");
    mkdirSync(project.path("examples"));
    cpSync(EXAMPLE, project.path("examples/legacy-migration"), { recursive: true });
  });
  afterAll(() => server.stop());

  const run = (line: string, ...options: readonly string[]) => {
    const [command, ...args] = line.split(" ");
    expect(command).toBe("connections");
    const main = join(root, "dist/sdk/cli/main.js");
    return execute(process.execPath, [main, ...options, ...args], project.path("examples/legacy-migration"), project.environment);
  };

  it("shows the open decision, and writes the program once it is made", async () => {
    const [plan, convert] = blocks[0]!;
    const planned = await run(plan!);
    expect(planned).toMatchObject({ code: 0, stderr: "" });
    expect(planned.stdout).toContain("connection acme  Snowflake  in place of 2 registrations");
    expect(planned.stdout.match(/^decision .*$/gm)).toEqual([expect.stringMatching(/connection\.role of .* \(HR_READER \| READER\)$/)]);
    expect(await run(convert!)).toMatchObject({ code: 0 });
    const report = readFileSync(project.path("examples/converted/CONVERSION.md"), "utf8");
    for (const part of ["acme-password", "group data-eng (its identity manager, okta, is dropped", "Staff", "PII"])
      expect(report).toContain(part);
  });

  it("is applied, and leaves nothing to do", async () => {
    expect(blocks[1]).toEqual([
      "cd ../converted",
      "connections group create data-eng",
      "npm install",
      "pulumi stack init dev",
      "pulumi config set --secret acme-password",
      "pulumi up",
    ]);
    // Instead of an installation, which needs the published package.
    symlinkSync(join(root, "node_modules/@types"), project.path("node_modules/@types"), "dir");
    for (const name of ["index.ts", "tsconfig.json", "Pulumi.yaml"]) {
      copyFileSync(project.path("examples/converted", name), project.path(name));
    }
    await project.init();
    await project.pulumi("config", "set", "--secret", "acme-password", "example-only");
    const refused = await project.up();
    expect(refused.code).not.toBe(0);
    expect(refused.errors).toContain('acme/SALES/PUBLIC: dataOwners: there is no group "data-eng"; create it');
    // Where the server's store is.
    expect(await run(blocks[1]![1]!, "--store", server.storeFile)).toMatchObject({ code: 0 });
    expect(await project.up()).toMatchObject({ code: 0, errors: "" });
    const { body } = await server.send("GET", "/data/object/acme/SALES/PUBLIC");
    expect(body).toMatchObject({ settings: { dataOwners: { value: [{ type: "group", id: 1 }] } } });
    const names = (await server.sources()).map(({ name }) => name);
    expect(names).toHaveLength(301);
    expect(names[0]).toBe("acme.HR.PEOPLE.STAFF");
    expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [], warnings: "" });
  });
});
