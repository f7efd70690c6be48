import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(__dirname, "../..");

/** Builds the package where it is older than what it is built from. */
export async function ensureBuilt(): Promise<void> {
  if (isBuilt()) return;
  try {
    await promisify(execFile)("npm", ["run", "build"], { cwd: root, shell: process.platform === "win32" });
  } catch (error) {
    // The compiler says what is wrong on standard output.
    throw new Error(`npm run build failed:\n${(error as { stdout?: string }).stdout ?? String(error)}`);
  }
}

/** What was built is newer than everything that it is built from. */
function isBuilt(): boolean {
  const results = ["provider/index.js", "provider/hooks/index.js", "sdk/cli/main.js", "web/index.html"].map((file) =>
    join(root, "dist", file),
  );
  if (!results.every(existsSync)) return false;
  const sources = ["sdk", "provider", "web", "package.json", "tsconfig.json", "tsconfig.build.json"].map((name) => join(root, name));
  return Math.max(...sources.map(newest)) <= Math.min(...results.map(changed));
}

function newest(file: string): number {
  if (!statSync(file).isDirectory()) return changed(file);
  // A folder's own time tells of deleted files. Tests are not built.
  const inside = readdirSync(file, { recursive: true, encoding: "utf8" }).filter((name) => !name.endsWith(".test.ts"));
  return Math.max(...inside.map((name) => changed(join(file, name))));
}

function changed(file: string): number {
  return statSync(file).mtimeMs;
}
