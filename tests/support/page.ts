import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary";

/** A folder with a page as the build makes it, but for its contents. */
export function builtPage(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(folder, "assets", "index-abc.js"), "0;".repeat(2_000));
  writeFileSync(join(folder, "assets", "index-abc.js.gz"), "compressed");
  return folder;
}
