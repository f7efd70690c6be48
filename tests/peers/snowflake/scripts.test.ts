import { join } from "node:path";
import { openLocal } from "../../../sdk";
import { statementsOf } from "../../support/sql-script";
import { temporaryFolder } from "../../support/temporary";
import { connectionTo, describeSnowflake, execute, useServer } from "./harness";

/** What the server answers for CURRENT_ROLE, whatever role a session has. */
const ITS_ROLE = '"duckdb"';

describeSnowflake("setup and cleanup scripts on Snowflake", () => {
  const account = useServer();

  it("run as they are, and leave the connection without a missing grant", async () => {
    const { port } = account.server;
    await execute(port, 'CREATE DATABASE "sales"', 'CREATE SCHEMA "sales"."main"', 'CREATE TABLE "sales"."main"."t" (ID INT)');
    const api = openLocal({ store: join(temporaryFolder(), "connections.db") });
    try {
      const connection = connectionTo(port);
      const { bulkId } = await api.registerConnection({ connectionKey: "acme", connection });
      await api.waitForJobs(bulkId);
      expect((await api.diagnose("acme")).findings).not.toEqual([]);

      const { technology, hostname, ...values } = connection;
      const config = { host: hostname, ...values, role: ITS_ROLE };
      const setup = await api.createSetupScript({ type: technology, autoBootstrap: false, config, databases: ["sales"] });
      await execute(port, ...statementsOf(setup));
      expect(await api.diagnose("acme")).toMatchObject({ findings: [], warnings: [] });

      const { nativeIntegrationId } = await api.getConnection("acme");
      await execute(port, ...statementsOf(await api.createCleanupScript(nativeIntegrationId)));
    } finally {
      await api.close();
    }
  });
});
