import fc from "fast-check";
import { formatObjectPath } from "../../sdk/model/object-path";
import { changeCount } from "../../sdk/model/sync-plan";
import { register, states, sync, testEngine, type TestEngine } from "../support/engine";
import { table } from "../support/memory-platform";
import { ReferenceModel } from "./reference-model";

// Few enough names that paths meet often, and fewer than the twenty objects from which mass removal is held back.
const database = fc.constantFrom("a", "b");
const schema = fc.constantFrom("s", "t");
const name = fc.constantFrom("x", "y", "z");
const tablePath = fc.tuple(fc.constant("w"), database, schema, name).map((path) => path.join("/"));
const anyPath = fc.oneof(
  fc.constant("w"),
  fc.tuple(fc.constant("w"), database).map((path) => path.join("/")),
  fc.tuple(fc.constant("w"), database, schema).map((path) => path.join("/")),
  tablePath,
);

type Step =
  | { kind: "appear"; path: string }
  | { kind: "vanish"; path: string }
  | { kind: "sync"; path: string }
  | { kind: "set"; path: string; setting: "isActive" | "activateNewChildren"; value: boolean | null }
  | { kind: "delete"; path: string }
  | { kind: "restart" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("appear" as const), path: tablePath }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("vanish" as const), path: anyPath }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("sync" as const), path: fc.oneof(fc.constant("w"), anyPath) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("set" as const),
      path: anyPath,
      setting: fc.constantFrom("isActive" as const, "activateNewChildren" as const),
      value: fc.constantFrom(true, false, null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), path: anyPath.filter((path) => path !== "w") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);

/** The platform as the set of the paths that exist on it. */
function pathsOf({ platform }: TestEngine): Set<string> {
  const paths = new Set<string>();
  for (const [db, schemas] of platform.account) {
    paths.add(`w/${db}`);
    for (const [one, tables] of schemas) {
      paths.add(`w/${db}/${one}`);
      for (const each of tables.keys()) paths.add(`w/${db}/${one}/${each}`);
    }
  }
  return paths;
}

function appear({ platform: { account } }: TestEngine, path: string): void {
  const [, db, one, each] = path.split("/") as [string, string, string, string];
  if (!account.has(db)) account.set(db, new Map());
  if (!account.get(db)!.has(one)) account.get(db)!.set(one, new Map());
  account.get(db)!.get(one)!.set(each, table());
}

function vanish({ platform: { account } }: TestEngine, path: string): void {
  const [, db, one, each] = path.split("/");
  if (db === undefined) account.clear();
  else if (one === undefined) account.delete(db);
  else if (each === undefined) account.get(db)?.delete(one);
  else account.get(db)?.get(one)?.delete(each);
}

it("keeps the states that the plain rules say, whatever happens in whatever order", async () => {
  const settings = fc.record({ isActive: fc.boolean(), activateNewChildren: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(tablePath), settings, fc.array(step, { maxLength: 25 }), async (tables, start, steps) => {
      const engine = testEngine(new Map());
      let { api } = engine;
      const model = new ReferenceModel();
      for (const path of tables) appear(engine, path);
      await register(api, start, "w");
      model.register(pathsOf(engine), start);

      for (const one of steps) {
        if (one.kind === "appear") appear(engine, one.path);
        else if (one.kind === "vanish") vanish(engine, one.path);
        else if (one.kind === "restart") {
          await api.close();
          api = engine.reopen();
        } else if (one.kind === "sync") {
          const path = one.path.split("/");
          // A sync may start at a new object, but not beneath one.
          if (path.length > 1 && !model.objects.has(path.slice(0, -1).join("/"))) continue;
          const plan = await api.planSync(path);
          expect(await sync(api, path)).toEqual(plan);
          expect(changeCount((await api.planSync(path)).counts)).toBe(0);
          model.sync(one.path, pathsOf(engine));
        } else if (!model.objects.has(one.path)) {
          await expect(api.getObject(one.path.split("/"))).rejects.toMatchObject({ statusCode: 404 });
        } else if (one.kind === "set") {
          await api.updateSettings(one.path.split("/"), { [one.setting]: one.value });
          model.set(one.path, one.setting, one.value);
        } else {
          await api.deleteObject(one.path.split("/"));
          model.delete(one.path);
        }
      }

      expect((await states(api, ["w"])).sort()).toEqual(model.states());
      const overrides = await api.listOverrides(["w"]);
      expect(Object.fromEntries(overrides.map(({ objectPath, overrides: own }) => [formatObjectPath(objectPath), own]))).toEqual(
        model.overrides(),
      );
      const active = [...model.objects].filter(
        ([path, { missing }]) => path.split("/").length === 4 && !missing && model.effective(path, "isActive"),
      );
      expect((await api.listDataSources(["w"], { size: 100 })).hits.map(({ objectPath }) => objectPath.join("/"))).toEqual(
        active.map(([path]) => path).sort(),
      );
      expect((await api.countObjects(["w"])).dataSources).toBe(active.length);
      await api.close();
    }),
    { numRuns: 150 },
  );
});
