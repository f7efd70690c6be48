import type { ObjectOverrides } from "../model/connections-api";
import type { ConnectionDetails } from "../model/registration";
import { connectionProgram } from "./connection-program";

const details = { connectionKey: "warehouse", connection: { technology: "DuckDB", databases: {} } } as unknown as ConnectionDetails;
const program = (overrides: readonly ObjectOverrides[]) =>
  connectionProgram({ details, nativeIntegration: undefined, overrides }, "1.0.0").files;
const at = (path: string, overrides: ObjectOverrides["overrides"]): ObjectOverrides => ({ objectPath: path.split("/"), overrides });

it("declares the owners beneath the top by number, and leaves out lists of nobody, which have no effect", () => {
  const files = program([
    at("warehouse", { isActive: false, dataOwners: [{ type: "user", id: 1 }] }),
    at("warehouse/sales", { dataOwners: [{ type: "group", id: 2 }], infrastructureAdmins: [] }),
    at("warehouse/sales/main", {
      isActive: true,
      infrastructureAdmins: [
        { type: "user", id: 3 },
        { type: "group", id: 4 },
      ],
    }),
    at("warehouse/sales/old", { dataOwners: [] }),
  ]);
  expect(files["index.ts"]).toContain(`
new ObjectOwners("warehouse", {
  dataOwners: {
    "warehouse/sales": [{ type: "group", id: 2 }],
  },
  infrastructureAdmins: {
    "warehouse/sales/main": [
      { type: "user", id: 3 },
      { type: "group", id: 4 },
    ],
  },
});
`);
  expect(files["index.ts"]).toContain('import { Connection, ObjectOwners, ObjectStatus } from "pulumi-connections";');
});

it("needs no such resource where nobody owns anything beneath the top", () => {
  expect(program([at("warehouse", { dataOwners: [{ type: "user", id: 1 }] })])["index.ts"]).not.toContain("ObjectOwners");
});

it("puts many owners, as many statuses, into a file beside the program", () => {
  const tables = Array.from({ length: 25 }, (_, index) => `warehouse/sales/main/t${index}`);
  const files = program(tables.map((path) => at(path, { isActive: true, dataOwners: [{ type: "user", id: 7 }] })));
  const dataOwners = Object.fromEntries(tables.map((path) => [path, [{ type: "user", id: 7 }]]));
  expect(JSON.parse(files["owners.json"]!)).toEqual({ warehouse: { dataOwners } });
  expect(JSON.parse(files["overrides.json"]!)).toEqual({ statuses: Object.fromEntries(tables.map((path) => [path, true])) });
  expect(files["index.ts"]!.match(/readFileSync }/g)).toHaveLength(1);
});
