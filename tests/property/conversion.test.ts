import fc from "fast-check";
import { ConversionPlanner } from "../../sdk/legacy/planner";
import { readV1 } from "../../sdk/model/legacy/read-v1";
import { readV2 } from "../../sdk/model/legacy/read-v2";
import type { LegacySource } from "../../sdk/model/legacy/registration";
import type { PlannedConnection } from "../../sdk/legacy/plan";
import { register, states, sync, testEngine } from "../support/engine";
import { table, type MemoryAccount } from "../support/memory-platform";

const RUNS = Number(process.env["RUNS"] ?? 60);

const source: LegacySource = { file: "made-up.yaml", lineOf: () => 1 };
const ADDRESS = {
  hostname: "acme.snowflakecomputing.com",
  warehouse: "WH",
  username: "svc",
  password: "made-up",
  connectionStringOptions: "role=READER",
};

/** A registration in the terms of its own payload. */
type Made =
  | {
      readonly form: "V1";
      readonly database: string;
      readonly schema: string;
      readonly tables: readonly string[];
      readonly monitored: boolean;
    }
  | { readonly form: "V2"; readonly database: string; readonly schema: string | undefined; readonly tables: readonly string[] | "all" };

const database = fc.constantFrom("A", "a", "B.x");
const schema = fc.constantFrom("S", "T/u");
const tables = fc.uniqueArray(fc.constantFrom("one", "TWO", "thr ee"), { minLength: 1 });

const made: fc.Arbitrary<Made> = fc.oneof(
  fc.record({ form: fc.constant("V1" as const), database, schema, tables, monitored: fc.boolean() }),
  fc.record({
    form: fc.constant("V2" as const),
    database,
    schema: fc.option(schema, { nil: undefined }),
    tables: fc.oneof(tables, fc.constant("all" as const)),
  }),
);

/** Tables as `database, schema, table`, some to be there from the start and some to come later. */
const anyTable = fc.tuple(database, fc.constantFrom("S", "T/u", "other"), fc.constantFrom("one", "TWO", "thr ee", "four"));

it("keeps exactly the tables active that were registered, and those to come of what was registered whole", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(made, { minLength: 1, maxLength: 6 }),
      fc.uniqueArray(anyTable, { selector: String, maxLength: 14 }),
      fc.uniqueArray(anyTable, { selector: String, maxLength: 6 }),
      async (registrations, atFirst, later) => {
        const plan = planned(registrations);
        const account: MemoryAccount = new Map();
        for (const path of atFirst) addTable(account, path);
        const { api } = testEngine(account);
        await register(api, { isActive: false, activateNewChildren: false });
        for (const { objectPath, ...settings } of plan.overrides) {
          const path = ["warehouse", ...objectPath.slice(1)];
          // A table that is gone from the platform has nothing to activate.
          if (exists(account, path)) await api.updateSettings(path, settings);
        }
        expect(activeTables(await states(api))).toEqual(expected(registrations, atFirst));

        // What lies in a container without any registration of its own, or is named by itself, was set above if it was there.
        const added = later.filter((path) => !atFirst.some((one) => String(one) === String(path)) && isIn(atFirst, path.slice(0, 2)));
        for (const path of added) addTable(account, path);
        await sync(api);
        const unnamed = added.filter((path) => !isNamed(registrations, path));
        const activeLater = new Set(activeTables(await states(api)));
        for (const path of unnamed) expect([path, activeLater.has(JSON.stringify(path))]).toEqual([path, isWhole(registrations, path)]);
      },
    ),
    { numRuns: RUNS },
  );
}, 7_200_000);

it("does not depend on the order of the registrations", () => {
  const shuffled = fc
    .array(made, { minLength: 1, maxLength: 6 })
    .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
  fc.assert(
    fc.property(shuffled, ([some, other]) => {
      expect(planned(other).overrides).toEqual(planned(some).overrides);
    }),
  );
});

function planned(registrations: readonly Made[]): PlannedConnection {
  const planner = new ConversionPlanner();
  for (const [index, one] of registrations.entries()) {
    if (one.form === "V1") {
      for (const name of one.tables) {
        const metadata = { ...ADDRESS, database: one.database, schema: one.schema, table: name };
        const payload = {
          handler: { metadata },
          dataSource: { blobHandlerType: "Snowflake" },
          schemaEvolution: { disabled: !one.monitored },
        };
        for (const registration of readV1(payload, source)) planner.add(registration);
      }
      continue;
    }
    const payload = {
      connectionKey: `k${index}`,
      connection: { handler: "Snowflake", ...ADDRESS, database: one.database, schema: one.schema },
      ...(one.tables !== "all" && { sources: one.tables.map((name) => ({ table: name, schema: one.schema ?? "S" })) }),
    };
    planner.add(readV2(payload, source));
  }
  const plan = planner.plan();
  expect(plan.decisions).toEqual([]);
  expect(plan.connections).toHaveLength(1);
  return plan.connections[0]!;
}

/** By what the old way of registering means (contract: what happens to tables), said once more without the plan. */
function isWhole(registrations: readonly Made[], [inDatabase, inSchema]: readonly string[]): boolean {
  return registrations.some((one) => {
    if (one.database !== inDatabase) return false;
    if (one.form === "V1") return one.monitored && one.schema === inSchema;
    return one.tables === "all" && (one.schema === undefined || one.schema === inSchema);
  });
}

function isNamed(registrations: readonly Made[], [inDatabase, inSchema, name]: readonly string[]): boolean {
  return registrations.some(
    (one) =>
      one.database === inDatabase && (one.schema ?? "S") === inSchema && one.tables !== "all" && one.tables.some((table) => table === name),
  );
}

function expected(registrations: readonly Made[], paths: readonly (readonly string[])[]): string[] {
  return paths
    .filter((path) => isWhole(registrations, path) || isNamed(registrations, path))
    .map((path) => JSON.stringify(path))
    .sort();
}

/** Names may hold dots and slashes, so states are read by their full text. */
function activeTables(lines: readonly string[]): string[] {
  const all = lines.flatMap((line) => {
    const match = /^warehouse\/(A|a|B\.x)\/(S|T\/u|other)\/([^/]+) active$/.exec(line);
    return match === null ? [] : [JSON.stringify(match.slice(1, 4))];
  });
  return all.sort();
}

function addTable(account: MemoryAccount, [inDatabase, inSchema, name]: readonly string[]): void {
  if (!account.has(inDatabase!)) account.set(inDatabase!, new Map());
  const schemas = account.get(inDatabase!)!;
  if (!schemas.has(inSchema!)) schemas.set(inSchema!, new Map());
  schemas.get(inSchema!)!.set(name!, table());
}

function exists(account: MemoryAccount, [, inDatabase, inSchema, name]: readonly string[]): boolean {
  const schemas = account.get(inDatabase!);
  if (schemas === undefined || inSchema === undefined) return schemas !== undefined;
  const found = schemas.get(inSchema);
  return name === undefined ? found !== undefined : found?.has(name) === true;
}

function isIn(paths: readonly (readonly string[])[], start: readonly string[]): boolean {
  return paths.some((path) => start.every((name, index) => path[index] === name));
}
