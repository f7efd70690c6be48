import { declaredBy, inputsOf } from "../tests/support/pulumi-mocks";
import { Connection, type ConnectionArgs } from "./connection";
import { Governance } from "./governance";
import { ObjectOwners } from "./object-owners";

const connection: ConnectionArgs["connection"] = { technology: "DuckDB", databases: { sales: "./sales.duckdb" } };
const finance = [{ type: "group", name: "finance" } as const];

it("waits for the connection, wherever in the program that stands, and holds names as they are written", async () => {
  const declared = await declaredBy(() => {
    new ObjectOwners("finance", { dataOwners: { "warehouse/sales": finance } });
    new Connection("warehouse", { connectionKey: "warehouse", connection });
  });
  expect(declared.map(({ name }) => name)).toEqual(["warehouse", "finance"]);
  expect(inputsOf(declared, "ObjectOwners")).toMatchObject({ setName: "finance", dataOwners: { "warehouse/sales": finance } });
});

it("refuses a second resource that declares the same object's owners, naming both", async () => {
  const twice = declaredBy(() => {
    new ObjectOwners("one", { dataOwners: { "warehouse/sales": finance }, infrastructureAdmins: { "warehouse/sales": finance } });
    new ObjectOwners("two", { dataOwners: { "warehouse/s%61les": finance } });
  });
  await expect(twice).rejects.toThrow(
    'ObjectOwners "two": dataOwners: dataOwners of warehouse/sales is declared by ObjectOwners "one" already; declare it once',
  );
});

it.each(["dataOwners", "infrastructureAdmins"] as const)(
  "refuses %s of the top beside those of the connection's settings",
  async (setting) => {
    const twice = declaredBy(() => {
      new Connection("warehouse", { connectionKey: "warehouse", connection, settings: { [setting]: [{ type: "user", id: 7 }] } });
      new ObjectOwners("top", { [setting]: { warehouse: finance } });
    });
    await expect(twice).rejects.toThrow(`${setting} of warehouse is declared by Connection "warehouse" already`);
  },
);

it.each([true, false])("stands beside rules, which decide statuses alone (rules first: %s)", async (isFirst) => {
  const owners = () => new ObjectOwners("finance", { dataOwners: { "warehouse/sales": finance } });
  const declared = await declaredBy(() => {
    if (!isFirst) owners();
    new Governance("rules", { connections: { warehouse: { connection, rules: [{ sales: "active" }] } } });
    if (isFirst) owners();
  });
  expect(inputsOf(declared, "ObjectOwners")).toMatchObject({ setName: "finance" });
});
