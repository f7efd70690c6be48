import { join } from "node:path";
import { openLocal } from "../../sdk";
import { commandLine } from "../support/command-line";
import { HOST, integrate, registerV1, upgradeOf, v1 } from "../support/legacy";
import { temporaryFolder } from "../support/temporary";

/** A store with data sources of two accounts, of which Redshift's cannot become a connection. */
async function withLegacy() {
  const folder = temporaryFolder();
  const api = openLocal({ store: join(folder, ".connections", "connections.db") });
  await integrate(api.legacy);
  await registerV1(api.legacy, ["SALES.PUBLIC.ORDERS", "SALES.PUBLIC.RETURNS"]);
  const redshift = v1(["DB.S.T"], { host: "redshift.example.com" });
  await api.legacy.register("Redshift", { ...redshift, dataSource: { blobHandlerType: "Redshift" } });
  await api.close();
  return { folder, run: commandLine(folder) };
}

it("lists the accounts that can be upgraded, and their data sources, without secrets", async () => {
  const { run } = await withLegacy();
  expect(run("upgrade", "status")).toEqual({
    code: 0,
    out:
      "Redshift redshift.example.com:443: ready, 0 of 1 data sources upgraded\n" +
      `Snowflake ${HOST}:443: ready, 0 of 2 data sources upgraded\n`,
    err: "",
  });
  expect(JSON.parse(run("upgrade", "status", "--json").out.split("\n")[1]!)).toMatchObject({ status: "ready", counts: { remaining: 2 } });
  const { out } = run("data-sources", "--json");
  expect(out).toContain(`old ${HOST} SALES.PUBLIC.ORDERS`);
  expect(out).not.toContain("legacy-password");
});

it.each<[string, string[], number, RegExp]>([
  ["without a registration", ["run"], 2, /give the registration by --json or --file/],
  ["of broken JSON, quoting nothing", ["plan", "--json", '{"password": hunter2}'], 2, /--json: is not valid JSON; correct it\n$/],
  [
    "of an unknown account",
    ["plan", "--json", JSON.stringify(complete("nowhere.snowflakecomputing.com"))],
    3,
    /has no data sources to upgrade/,
  ],
  [
    "of a technology without connections",
    [
      "run",
      "--yes",
      "--json",
      JSON.stringify({ connectionKey: "r", connection: { technology: "Redshift", hostname: "redshift.example.com" } }),
    ],
    2,
    /Redshift is not supported with a connection/,
  ],
  ["accepting what cannot be accepted", ["plan", "--acknowledge", "everything", "--json", "{}"], 2, /expected registrationTags/],
  ["that was never begun, again", ["rerun", "acme"], 3, /there is no connection "acme"/],
  ["discarding what is no id", ["rerun", "acme", "--discard", "all"], 2, /expected ids joined by commas/],
  ["that was never begun, its status", ["status", "acme"], 3, /there is no connection "acme"/],
])("refuses an upgrade %s", async (_name, args, code, message) => {
  const { run } = await withLegacy();
  const ran = run("upgrade", ...args);
  expect(ran).toMatchObject({ code, out: "" });
  expect(ran.err).toMatch(message);
  expect(ran.err).not.toContain("hunter2");
});

function complete(host: string): object {
  const { connectionKey, connection } = upgradeOf("acme", host);
  return { connectionKey, connection: { ...connection, authenticationType: "userPassword" } };
}
