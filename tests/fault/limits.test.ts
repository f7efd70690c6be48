import { spawnSync, type SpawnSyncOptions } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../support/temporary";

const SCRIPT = join(__dirname, "sync-once.cjs");
const NOBODY = 65_534;

interface Outcome {
  readonly state?: string;
  readonly error?: string;
  readonly tables?: number;
}

/** A sync in a process of its own, within limits of the system. */
function syncOnce(storeFile: string, tables: number, command = [process.execPath], options: SpawnSyncOptions = {}): Outcome {
  const [program, ...before] = command;
  const { stdout, stderr, error } = spawnSync(program!, [...before, SCRIPT, storeFile, String(tables)], { ...options, encoding: "utf8" });
  if (error !== undefined) throw error;
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Outcome;
}

it("a file that may not grow fails the sync with nothing written; the next one without that limit works", () => {
  const file = join(temporaryFolder(), "connections.db");
  expect(syncOnce(file, 100)).toEqual({ state: "completed", tables: 100 });
  // Blocks of 512 or 1,024 bytes, as the shell has it: 4 or 8 MB.
  const limited = ["sh", "-c", 'ulimit -f 8000; exec "$0" "$@"', process.execPath];
  expect(syncOnce(file, 40_000, limited)).toEqual({
    state: "failed",
    error: expect.stringMatching(/connections\.db: could not be read or written; nothing was changed\. Check the disk/) as string,
    tables: 100,
  });
  expect(syncOnce(file, 40_000)).toEqual({ state: "completed", tables: 40_000 });
});

it("a folder that may not be written is named, and works when it may", () => {
  // Not beside the other temporary folders: another user must reach it.
  const folder = mkdtempSync(join(tmpdir(), "connections-"));
  try {
    const file = join(folder, "connections.db");
    expect(syncOnce(file, 100)).toEqual({ state: "completed", tables: 100 });
    const before = readFileSync(file);
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    // Permissions do not stop the system's administrator.
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const message = /connections\.db: cannot be opened; check that the folder exists and may be written/;
    expect(syncOnce(file, 200, [process.execPath], user)).toEqual({ error: expect.stringMatching(message) as string });
    expect(readFileSync(file).equals(before)).toBe(true);

    chmodSync(folder, 0o755);
    chmodSync(file, 0o644);
    expect(syncOnce(file, 200)).toEqual({ state: "completed", tables: 200 });
  } finally {
    chmodSync(folder, 0o755);
    rmSync(folder, { recursive: true });
  }
});
