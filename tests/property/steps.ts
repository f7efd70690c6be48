import fc from "fast-check";
import type { Settings, SettingsPatch } from "../../sdk/model/settings";

/** What may happen. Paths are in text form, `w` the connection. */
export type Step =
  | { readonly kind: "appear"; readonly path: string }
  | { readonly kind: "fill"; readonly path: string }
  | { readonly kind: "alter"; readonly path: string; readonly columns: readonly string[]; readonly isView: boolean }
  | { readonly kind: "vanish"; readonly path: string }
  | { readonly kind: "loseGrants"; readonly databases: readonly string[] }
  | ({ readonly kind: "sync" } & SyncStep)
  | { readonly kind: "set"; readonly path: string; readonly patch: SettingsPatch }
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "restart" };

export interface SyncStep {
  readonly path: string;
  readonly recursive: boolean;
  readonly allowMassRemoval: boolean;
  /** Of the n-th object of a database the platform breaks off, or the engine is closed. */
  readonly fault?: { readonly kind: "failure" | "crash"; readonly database: string; readonly batch: number } | undefined;
}

// Few enough names that paths meet often.
const database = fc.constantFrom("w/a", "w/b", "w/c");
const schema = fc.tuple(database, fc.constantFrom("s", "t")).map((names) => names.join("/"));
export const tablePath = fc.tuple(schema, fc.constantFrom("x", "X", "y")).map((names) => names.join("/"));
export const anyPath = fc.oneof(fc.constant("w"), database, schema, tablePath);
const belowRoot = fc.oneof(database, schema, tablePath);

const principals = fc.uniqueArray(fc.record({ type: fc.constantFrom("user" as const, "group" as const), id: fc.nat(3) }), {
  selector: ({ type, id }) => `${type} ${id}`,
  maxLength: 2,
});
export const settings: fc.Arbitrary<Settings> = fc.record(
  { isActive: fc.boolean(), activateNewChildren: fc.boolean(), dataOwners: principals, infrastructureAdmins: principals },
  { requiredKeys: ["isActive", "activateNewChildren"] },
);
const orInherit = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 });
export const patch: fc.Arbitrary<SettingsPatch> = fc.record(
  {
    isActive: orInherit(fc.boolean()),
    activateNewChildren: orInherit(fc.boolean()),
    dataOwners: orInherit(principals),
    infrastructureAdmins: orInherit(principals),
  },
  { requiredKeys: [] },
);

const fault = fc.record({ kind: fc.constantFrom("failure" as const, "crash" as const), database, batch: fc.integer({ min: 1, max: 6 }) });

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("appear" as const), path: tablePath }) },
  // Enough objects for a mass removal to be held back, in one database or in several.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("fill" as const), path: schema }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("alter" as const),
      path: tablePath,
      columns: fc.subarray(["id", "total"], { minLength: 1 }),
      isView: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("vanish" as const), path: fc.oneof({ weight: 8, arbitrary: belowRoot }, anyPath) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("loseGrants" as const), databases: fc.subarray(["w/a", "w/b", "w/c"], { minLength: 2 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("sync" as const),
      path: fc.oneof(fc.constant("w"), anyPath),
      recursive: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
      allowMassRemoval: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
      fault: fc.option(fault, { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("set" as const), path: anyPath, patch }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), path: belowRoot }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
);
