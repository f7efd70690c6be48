import fc from "fast-check";
import { objectOwnersKind as set } from "../../provider/hooks/core/object-owners-kind";
import type { Properties } from "../../provider/hooks/core/resource-kind";
import { principalKey, type Principal, type PrincipalReference } from "../../sdk/model/settings";
import { created } from "../support/hooks";
import { openTestStore } from "../support/store";

const RUNS = Number(process.env["RUNS"] ?? 25);
const SETTINGS = ["dataOwners", "infrastructureAdmins"] as const;
const PATHS = ["warehouse/sales", "warehouse/sales/main", "warehouse/sales/main/orders"];
const PEOPLE = ["anna", "bert", "carl"];

/** A person by place in the list, by name or by number; numbers are known once the store is there. */
const person = fc.record({ index: fc.nat({ max: PEOPLE.length - 1 }), isByName: fc.boolean() });
const owners = fc.array(person, { minLength: 1, maxLength: 4 });
const setting = fc.constantFrom(...SETTINGS);
const path = fc.constantFrom(...PATHS);
const ownerMaps = fc.record(
  { dataOwners: fc.dictionary(path, owners), infrastructureAdmins: fc.dictionary(path, owners) },
  { requiredKeys: [] },
);

const step = fc.oneof(
  fc.record({ kind: fc.constant("declare" as const), maps: ownerMaps }),
  fc.record({
    kind: fc.constant("somebody" as const),
    path,
    setting,
    owners: fc.option(fc.array(person, { maxLength: 3 }), { nil: null }),
  }),
  fc.record({ kind: fc.constant("refresh" as const) }),
);

type Maps = Readonly<Partial<Record<(typeof SETTINGS)[number], Readonly<Record<string, readonly PrincipalReference[]>>>>>;

it("applies what is declared, whatever was there, and tells drift where there is some", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      const { api, runtime, storeFile } = await created();
      const store = openTestStore(storeFile);
      const ids: number[] = [];
      for (const name of PEOPLE) {
        ids.push(((await store.insertUser({ name, email: null, permissions: [], groups: [] })) as { id: number }).id);
      }
      await store.close();
      const numbered = ({ index }: { index: number }): Principal => ({ type: "user", id: ids[index]! });
      const referenced = (one: { index: number; isByName: boolean }): PrincipalReference =>
        one.isByName ? { type: "user", name: PEOPLE[one.index]! } : numbered(one);
      const meant = (one: PrincipalReference) => ("id" in one ? one.id : ids[PEOPLE.indexOf(one.name)]!);
      const keyOf = (list: readonly PrincipalReference[]) => [...new Set(list.map(meant))].sort().join();

      /** `setting path` to the numbers that are set. */
      const model = new Map<string, string>();
      let recorded: Properties | undefined;
      let outputs: Properties = {};
      const declaredIn = (maps: Maps) =>
        SETTINGS.flatMap((name) => Object.entries(maps[name] ?? {}).map(([at, list]) => [`${name} ${at}`, keyOf(list)] as const));

      for (const one of steps) {
        if (one.kind === "declare") {
          const maps = Object.fromEntries(
            Object.entries(one.maps).map(([name, map]) => [
              name,
              Object.fromEntries(Object.entries(map).map(([at, list]) => [at, list.map(referenced)])),
            ]),
          );
          const { inputs, failures } = await set.check(runtime(), recorded, { setName: "s", ...maps });
          expect(failures).toEqual([]);
          for (const [key] of declaredIn(recorded ?? {})) model.delete(key);
          for (const [key, value] of declaredIn(inputs)) model.set(key, value);
          outputs =
            recorded === undefined ? (await set.create(runtime(), inputs)).outputs : await set.update(runtime(), "s", outputs, inputs);
          recorded = inputs;
        } else if (one.kind === "somebody") {
          const list = one.owners?.map(numbered) ?? null;
          await api.updateSettings(one.path.split("/"), { [one.setting]: list });
          if (list === null) model.delete(`${one.setting} ${one.path}`);
          else model.set(`${one.setting} ${one.path}`, keyOf(list));
        } else if (recorded !== undefined) {
          const found = await set.read(runtime(), "s", outputs);
          if (found !== undefined) ({ inputs: recorded, outputs } = found);
        }

        const listed = await api.listOverrides(["warehouse", "sales"]);
        const actual = listed.flatMap(({ objectPath, overrides }) =>
          SETTINGS.flatMap((name) => (overrides[name] === undefined ? [] : [[`${name} ${objectPath.join("/")}`, keyOf(overrides[name])]])),
        );
        expect(new Map(actual as [string, string][])).toEqual(model);
        if (recorded === undefined) continue;
        const differing = declaredIn(recorded as Maps).filter(([key, value]) => model.get(key) !== value);
        expect((await set.check(runtime(), recorded, { setName: "s" })).drift).toHaveLength(differing.length);
      }
      for (const name of SETTINGS) {
        for (const list of Object.values((outputs as Maps)[name] ?? {})) expect(new Set(list.map(principalKey)).size).toBe(list.length);
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);
