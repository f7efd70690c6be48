import { spawn } from "node:child_process";
import { join } from "node:path";
import Database from "libsql";
import { createEngine } from "../../sdk/engine/engine";
import { createSecretBox } from "../../sdk/engine/secret-box";
import type { DataObject } from "../../sdk/model/data-object";
import { openSqliteStore } from "../../sdk/store/sqlite/sqlite-store";
import { temporaryFolder } from "../support/temporary";

const KILLS = Number(process.env["KILLS"] ?? 50);
const TABLES = 40;

interface Life {
  /** What the process had acknowledged when it was killed. */
  readonly lines: string[];
  readonly errors: string;
}

/** Runs the worker and kills it a random moment after its first sign of life. */
function liveAndDie(storeFile: string, round: number): Promise<Life> {
  const child = spawn(process.execPath, [join(__dirname, "worker.cjs"), storeFile, String(round)]);
  let out = "";
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  // Some die before they have said anything: in the middle of opening, migrating or registering.
  const early = setTimeout(() => child.kill("SIGKILL"), Math.random() < 0.2 ? 100 + Math.random() * 300 : 20_000);
  child.stdout.on("data", (chunk: Buffer) => {
    if (out === "") setTimeout(() => child.kill("SIGKILL"), Math.random() * 150);
    out += chunk.toString();
  });
  return new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(early);
      // A line that was cut off was not acknowledged.
      resolve({ lines: out.split("\n").slice(0, -1), errors });
    });
  });
}

it(`loses nothing that was acknowledged and shows nothing half-written in ${KILLS} kills`, async () => {
  const storeFile = join(temporaryFolder(), "connections.db");
  let round = 0;
  let lastSet: string | undefined;
  let registered = false;

  for (let kill = 0; kill < KILLS; kill++) {
    const { lines, errors } = await liveAndDie(storeFile, round);
    expect(errors).toBe("");
    for (const line of lines) {
      registered ||= line === "registered";
      if (line.startsWith("set ")) lastSet = line;
    }
    const raw = new Database(storeFile);
    expect(raw.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    raw.close();

    const api = createEngine({
      store: openSqliteStore(storeFile),
      platforms: [],
      secrets: createSecretBox(() => [Buffer.alloc(32, 7)]),
      baseDirectory: "/",
    });
    if (registered) {
      expect(await api.getConnection("w")).toMatchObject({ connectionKey: "w" });
      const { overrides } = await api.getObject(["w"]);
      const [owner] = overrides.dataOwners ?? [];
      if (lastSet !== undefined) {
        const [, acknowledged] = lastSet.split(" ");
        // A setting may have been written and not yet acknowledged; never the other way round.
        expect(owner!.id).toBeGreaterThanOrEqual(Number(acknowledged));
        expect(overrides.isActive).toBe(owner!.id % 2 === 0);
        round = Math.max(round, owner!.id);
      }
      for (const { objectPath } of (await api.searchObjects(["w"])).hits) {
        const present = await presentTables(api, [...objectPath, "main"]);
        const rounds = new Set(present.map((table) => table.split("_")[0]));
        expect([...rounds]).toHaveLength(1);
        expect(present).toHaveLength(TABLES);
      }
    }
    await api.close();
  }
  expect(lastSet).toBeDefined();
}, 900_000);

async function presentTables(api: ReturnType<typeof createEngine>, schema: string[]): Promise<string[]> {
  const present: string[] = [];
  for (let offset = 0; ; offset += 1_000) {
    const { hits } = await api.searchObjects(schema, { offset, size: 1_000 });
    present.push(...hits.filter(isPresent).map(({ objectPath }) => objectPath[3]!));
    if (hits.length < 1_000) return present;
  }
}

function isPresent({ missingSince }: DataObject): boolean {
  return missingSince === null;
}
