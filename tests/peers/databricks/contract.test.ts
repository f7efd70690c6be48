import { join } from "node:path";
import { openLocal } from "../../../sdk";
import type { ConnectionsApi } from "../../../sdk/model/connections-api";
import { connectionsApiContract } from "../../contract/connections-api";
import { temporaryFolder } from "../../support/temporary";
import { describeDatabricks, putTableSql, useWorkspace } from "./harness";

describeDatabricks("on Databricks", () => {
  const workspace = useWorkspace();

  beforeEach(() =>
    workspace.change("SELECT metastore.clear()", putTableSql(["sales", "main", "orders"]), putTableSql(["sales", "main", "returns"])),
  );

  const opened: ConnectionsApi[] = [];
  afterEach(async () => {
    for (const api of opened.splice(0)) await api.close();
  });

  connectionsApiContract("in process, on Databricks", async () => {
    const api = openLocal({ store: join(temporaryFolder(), "store", "connections.db") });
    opened.push(api);
    const connection = workspace.connection();
    return {
      api,
      connection,
      // The same workspace by another name of this machine.
      otherConnection: { ...connection, hostname: "localhost" },
      refusedConnection: { ...connection, token: "wrong" },
      administer: (statements) => workspace.administer(...statements),
    };
  });
});
