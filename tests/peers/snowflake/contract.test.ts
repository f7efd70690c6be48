import { join } from "node:path";
import { openLocal } from "../../../sdk";
import type { ConnectionsApi } from "../../../sdk/model/connections-api";
import { connectionsApiContract } from "../../contract/connections-api";
import { temporaryFolder } from "../../support/temporary";
import { connectionTo, describeSnowflake, execute, useServer } from "./harness";

describeSnowflake("on Snowflake", () => {
  const account = useServer();

  beforeAll(() =>
    execute(
      account.server.port,
      'CREATE DATABASE "sales"',
      'CREATE SCHEMA "sales"."main"',
      'CREATE TABLE "sales"."main"."orders" (ID NUMBER(38,0))',
      'CREATE TABLE "sales"."main"."returns" (ID NUMBER(38,0))',
    ),
  );

  const opened: ConnectionsApi[] = [];
  afterEach(async () => {
    for (const api of opened.splice(0)) await api.close();
  });

  connectionsApiContract("in process, on Snowflake", async () => {
    const api = openLocal({ store: join(temporaryFolder(), "store", "connections.db") });
    opened.push(api);
    const connection = connectionTo(account.server.port);
    return {
      api,
      connection,
      // The same server under another account's name.
      otherConnection: { ...connection, account: "other" },
      refusedConnection: { ...connection, password: "wrong" },
      administer: (statements) => execute(account.server.port, ...statements),
    };
  });
});
