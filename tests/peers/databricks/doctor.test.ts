import type { ExpectedObject } from "../../../sdk/model/diagnosis";
import type { NativeIntegration } from "../../../sdk/model/registration";
import { describeDatabricks, openSession, putTableSql, useWorkspace } from "./harness";

/** Whom the server takes every session for. */
const PRINCIPAL = "token";
const expected: readonly ExpectedObject[] = [
  { objectPath: ["dbx", "sales"], objectType: "database" },
  { objectPath: ["dbx", "sales", "main"], objectType: "schema" },
  { objectPath: ["dbx", "sales", "main", "or`ders"], objectType: "table" },
  { objectPath: ["dbx", "sales", "main", "totals"], objectType: "view" },
];
const integration = { type: "Databricks", autoBootstrap: false as const, config: {} };

describeDatabricks("what grants a Databricks connection lacks", () => {
  const workspace = useWorkspace();
  beforeEach(() =>
    workspace.change(
      "SELECT metastore.clear()",
      putTableSql(["sales", "main", "or`ders"]),
      putTableSql(["sales", "main", "totals"], undefined, "VIEW"),
    ),
  );
  const diagnose = async (of: NativeIntegration = integration) =>
    (await openSession(workspace.connection())).diagnose!("dbx", expected, of);

  it("is all of them at first, nothing once its statements were run, and again what is revoked", async () => {
    const { grantee, findings, statements } = await diagnose();
    expect(grantee).toBe(PRINCIPAL);
    expect(findings.map(({ privilege }) => privilege)).toEqual(["USE CATALOG", "MANAGE", "USE SCHEMA", "SELECT", "MODIFY", "SELECT"]);
    expect(statements).toEqual([
      "GRANT USE CATALOG, MANAGE ON CATALOG `sales` TO `token`;",
      "GRANT USE SCHEMA ON SCHEMA `sales`.`main` TO `token`;",
      "GRANT SELECT, MODIFY ON TABLE `sales`.`main`.`or``ders` TO `token`;",
      "GRANT SELECT ON TABLE `sales`.`main`.`totals` TO `token`;",
    ]);
    await workspace.administer(...statements);
    expect(await diagnose()).toMatchObject({ findings: [], statements: [] });

    await workspace.administer("REVOKE MODIFY ON TABLE `sales`.`main`.`or``ders` FROM `token`");
    const [lacking, ...more] = (await diagnose()).findings;
    expect(lacking).toMatchObject({ objectPath: ["dbx", "sales", "main", "or`ders"], privilege: "MODIFY" });
    expect(more).toEqual([]);
  });

  it("counts grants to the groups that it is in, and to no others", async () => {
    await workspace.administer("GRANT USE CATALOG, MANAGE, USE SCHEMA, SELECT, MODIFY ON CATALOG `sales` TO `gov team`");
    expect((await diagnose()).findings).toHaveLength(6);
    await workspace.change(`INSERT INTO metastore.group_members VALUES ('gov team', '${PRINCIPAL}')`);
    expect((await diagnose()).findings).toEqual([]);
  });

  it("includes what the feeds need that are switched on", async () => {
    await workspace.change(`INSERT INTO metastore.group_members VALUES ('admins', '${PRINCIPAL}')`);
    const on = { enabled: true };
    const withFeeds = { ...integration, config: { tags: on, lineage: on, audit: on } };
    expect(await diagnose(withFeeds)).toMatchObject({ findings: [] });
    const fails =
      "[INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have USE SCHEMA on Schema 'system.query'. SQLSTATE: 42501";
    workspace.bridge.disturb = ({ statement }) => (statement.includes("system.query.") ? { fails } : undefined);
    expect((await diagnose(withFeeds)).statements).toEqual([
      "GRANT USE CATALOG ON CATALOG `system` TO `token`;",
      "GRANT USE SCHEMA, SELECT ON SCHEMA `system`.`query` TO `token`;",
    ]);
  });

  it("counts what it owns, or a group of its", async () => {
    await workspace.change(`INSERT INTO metastore.group_members VALUES ('admins', '${PRINCIPAL}')`);
    expect((await diagnose()).findings).toEqual([]);
  });
});
