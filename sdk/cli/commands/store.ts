import { resolve } from "node:path";
import type { Command } from "commander";
import { copyLocal } from "../../engine/copy-local";
import { print } from "../print";

export function addStore(program: Command): void {
  program
    .command("store")
    .description("the store itself")
    .command("copy")
    .description("copy a store from a file into an empty PostgreSQL database; the file stays as it was")
    .requiredOption("--from <file>", "the file of the store; nothing may write to it meanwhile")
    .requiredOption("--to <address>", "postgres://user:password@host:5432/database")
    .action(async ({ from, to }: { from: string; to: string }) => {
      const onTable = (table: string, rows: number) => print(`${table}: ${rows} rows, the same on both sides`);
      const { rows } = await copyLocal({ from: resolve(from), to, onTable });
      print(`copied ${rows} rows; set CONNECTIONS_STORE to the new address, and CONNECTIONS_SECRET_KEY as it is now`);
    });
}
