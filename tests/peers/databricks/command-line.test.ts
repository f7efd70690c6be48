import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../support/command-line";
import { temporaryFolder } from "../../support/temporary";
import { describeDatabricks, putTableSql, useWorkspace } from "./harness";

interface Ran {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: string;
}

describeDatabricks("the command line on Databricks", () => {
  const workspace = useWorkspace();

  it("waits for a warehouse with words, registers, counts what it leaves out, and names the grants that are missing", async () => {
    const folder = temporaryFolder();
    const run = (...args: string[]) => {
      const program = [main, "--store", join(folder, "connections.db"), ...args];
      return new Promise<Ran>((resolve) => {
        execFile(process.execPath, program, { encoding: "utf8" }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), out: stdout.split("\n").filter(Boolean), err: stderr });
        });
      });
    };
    await workspace.change(
      putTableSql(["sales", "main", "orders"]),
      putTableSql(["sales", "main", "remote"], [], "FOREIGN"),
      "SELECT metastore.put_volume('sales', 'main', 'files')",
      "INSERT INTO information_schema.table_tags VALUES ('sales', 'main', 'orders', 'pii', 'yes')",
    );
    const connection = workspace.connection();
    const { hostname: host, technology: type, ...values } = connection as Record<string, unknown>;
    const config = { host, ...values, tags: { enabled: true } };
    const nativeIntegration = { type, autoBootstrap: false, unityCatalog: true, config };
    const file = join(folder, "registration.json");
    writeFileSync(file, JSON.stringify({ connectionKey: "dbx", connection, nativeIntegration }));

    const startedAt = Date.now() + 7_000;
    const headers = { "retry-after": "1", "x-thriftserver-error-message": "TEMPORARILY_UNAVAILABLE: Cluster is starting" };
    workspace.bridge.warehouse = { state: "STARTING" };
    workspace.bridge.disturb = ({ method }) => (method === "OpenSession" && Date.now() < startedAt ? { status: 503, headers } : undefined);
    const registered = await run("register", "--file", file);
    expect(registered).toMatchObject({ code: 0, err: expect.stringContaining("waiting for the warehouse, which is STARTING,") as string });
    expect(registered.out).toEqual([
      "registered dbx",
      "skipped in dbx/sales: 1 foreign table, which a connection does not have",
      "skipped in dbx/sales: 1 volume, which a connection does not have",
      "dbx: 3 new, 0 changed, 0 missing, 0 returned, 0 unchanged",
    ]);

    expect((await run("tags", "dbx")).out).toEqual(["dbx/sales/main/orders  pii = yes"]);
    const lacking = await run("doctor", "dbx", "--sql");
    expect(lacking).toMatchObject({
      code: 5,
      out: expect.arrayContaining(["GRANT USE SCHEMA ON SCHEMA `sales`.`main` TO `token`;"]) as string[],
    });
    await workspace.administer(...lacking.out);
    expect(await run("doctor", "dbx")).toMatchObject({ code: 0, out: ["dbx: token lacks nothing"] });
  });
});
