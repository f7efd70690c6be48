import { spawn } from "node:child_process";
import { join } from "node:path";
import Database from "libsql";
import { createEngine, type Engine } from "../../sdk/engine/engine";
import { createSecretBox } from "../../sdk/engine/secret-box";
import { openSqliteStore } from "../../sdk/store/sqlite/sqlite-store";
import { allDataSources } from "../support/legacy";
import { temporaryFolder } from "../support/temporary";

/** Each upgrade is killed up to this many times before it may end. */
const KILLS_EACH = 4;
const UPGRADES = Math.max(3, Number(process.env["KILLS"] ?? 40) / 10);
const TABLES_EACH = 40;

interface Life {
  readonly said: string[];
  readonly errors: string;
}

/** Runs the worker; kills it a random moment after it has said that it registered, or, later, after it started. */
function live(storeFile: string, mayEnd: boolean): Promise<Life> {
  const child = spawn(process.execPath, [join(__dirname, "upgrade-worker.cjs"), storeFile]);
  let out = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    if (out === "" && !mayEnd) setTimeout(() => child.kill("SIGKILL"), Math.random() * 120);
    out += chunk.toString();
  });
  return new Promise((resolve) => child.on("close", () => resolve({ said: out.split("\n").slice(0, -1), errors })));
}

it("is finished after any number of kills, keeps every id, and misses no data source in between", async () => {
  let interrupted = 0;
  let begun = 0;
  for (let upgrade = 0; upgrade < UPGRADES; upgrade++) {
    const storeFile = join(temporaryFolder(), "connections.db");
    let ids: number[] = [];
    for (let kill = 0; kill <= KILLS_EACH; kill++) {
      const { said, errors } = await live(storeFile, kill === KILLS_EACH);
      expect(errors).toBe("");
      const registered = said.find((line) => line.startsWith("registered "));
      if (registered !== undefined) ids = registered.split(" ")[1]!.split(",").map(Number);
      const raw = new Database(storeFile);
      expect(raw.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
      raw.close();

      const api = open(storeFile);
      const [status] = await api.listUpgrades();
      if (status?.connectionKey != null) begun++;
      if (status?.status === "interrupted") interrupted++;
      const seen = new Set((await allDataSources(api)).map(({ id }) => id));
      expect(ids.filter((id) => !seen.has(id))).toEqual([]);
      if (said.includes("upgraded")) {
        expect(status).toMatchObject({ status: "complete", counts: { dataSources: ids.length, remaining: 0 } });
        // Of the database that is not monitored those that were registered, of the other all.
        expect(seen.size).toBe(TABLES_EACH / 2 + TABLES_EACH);
      }
      await api.close();
    }
  }
  // Else the kills came too early or too late to tell anything.
  expect(begun).toBeGreaterThan(UPGRADES);
  expect(interrupted).toBeGreaterThan(0);
}, 600_000);

function open(storeFile: string): Engine {
  return createEngine({
    store: openSqliteStore(storeFile),
    platforms: [],
    secrets: createSecretBox(() => [Buffer.alloc(32, 7)]),
    baseDirectory: "/",
  });
}
