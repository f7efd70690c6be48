import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { duckdb } from "./duckdb";
import { root, story } from "./harness";
import { Project } from "./project";
import { registered } from "./store";

const fixtures = join(root, "tests/fixtures");
const releases = readdirSync(fixtures).filter((name) => name.startsWith("state-"));

describe.each(releases)("%s", (release) => {
  story("left behind by an earlier release", () => {
    const fixture = (name: string) => join(fixtures, release, name);

    /** A project as that release left it, on a machine that has nothing of it but the state and the store. */
    async function restored(state = readFileSync(fixture("state.json"), "utf8")): Promise<Project> {
      const project = await new Project().init();
      copyFileSync(fixture("index.js"), project.path("index.js"));
      mkdirSync(project.storeFolder);
      for (const file of ["connections.db", "connections.db.key"]) copyFileSync(fixture(file), join(project.storeFolder, file));
      await load(project, state);
      return project;
    }

    it("is taken down without the platform", async () => {
      const project = await restored();
      expect(Object.keys(await registered(project))).toHaveLength(8);
      const destroy = await project.destroy();
      expect(destroy).toMatchObject({
        code: 0,
        errors: "",
        changes: ["main: delete", "orders: delete", "staging: delete", "warehouse: delete"],
      });
      expect(await registered(project)).toEqual({});
      expect((await project.exported()).deployment.resources ?? []).toEqual([]);
    });

    it("goes on in another folder, whose place is all that changed, and with the text of hooks from whenever", async () => {
      const project = await restored();
      await duckdb(project.path("sales.duckdb"), readFileSync(fixture("sales.sql"), "utf8"), "not really secret");
      const preview = await project.preview();
      expect(preview).toMatchObject({ code: 0, errors: "", changes: ["warehouse: update"], diffs: { warehouse: ["drift"] } });
      expect(preview.warnings).toContain("warehouse: not all of the platform could be read");
      expect(preview.drift["warehouse"]).toEqual([
        expect.stringMatching(/^connection\.databases: recorded {"sales":"\S+"}, is {"sales":"\S+"}$/),
      ]);
      expect(await project.up()).toMatchObject({ code: 0, errors: "", changes: ["warehouse: update"] });
      expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
      const before = await registered(project);
      expect(before).toMatchObject({ "warehouse/sales/main/orders": "active", "warehouse/sales/main/orders/old": "inactive*" });

      // Same calls, other text.
      const state = JSON.stringify(await project.exported());
      const older = state.replaceAll("then((m) => m.", "then((hooks) => hooks.");
      expect(older).not.toBe(state);
      await load(project, older);
      expect(await project.preview("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
      expect(await project.refresh("--expect-no-changes")).toMatchObject({ code: 0, changes: [] });
      expect(JSON.stringify(await project.exported())).toContain("then((hooks) => hooks.");
      expect(await project.destroy()).toMatchObject({ code: 0, errors: "" });
      expect(await registered(project)).toEqual({});
    });
  });
});

async function load(project: Project, state: string): Promise<void> {
  project.write("state.json", state);
  expect(await project.pulumi("stack", "import", "--file", "state.json")).toMatchObject({ code: 0 });
}
