import type { Command } from "commander";
import type { Identity } from "../engine/identity/identity";
import { storeOf, withIdentity } from "./context";
import { print } from "./print";

export interface Listed<T> {
  readonly description: string;
  readonly read: (identity: Identity) => Promise<readonly T[]>;
  /** One of them as people read it. */
  readonly line: (one: T) => string;
}

/** Adds `list` to the commands on users, groups or keys: one a line, with `--json` as JSON. */
export function addList<T>(program: Command, parent: Command, { description, read, line }: Listed<T>): void {
  parent
    .command("list")
    .description(description)
    .option("--json", "one a line, as JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      for (const one of await withIdentity(storeOf(program), read)) print(json ? JSON.stringify(one) : line(one));
    });
}
