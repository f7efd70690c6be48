import type { Command } from "commander";
import { storeOf, withIdentity } from "../context";
import { print } from "../print";

export function addGroups(program: Command): void {
  const group = program.command("group").description("the groups that users are in");

  group
    .command("create")
    .description("add a group")
    .argument("<name>")
    .action(async (name: string) => {
      const { id } = await withIdentity(storeOf(program), (identity) => identity.createGroup(name));
      print(`created group ${name} (id ${id})`);
    });

  group
    .command("list")
    .description("list the groups")
    .option("--json", "one group a line, as JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const groups = await withIdentity(storeOf(program), (identity) => identity.listGroups());
      for (const one of groups) print(json ? JSON.stringify(one) : `${one.id}  ${one.name}`);
    });

  group
    .command("delete")
    .description("delete a group; its users stay")
    .argument("<name>")
    .action(async (name: string) => {
      await withIdentity(storeOf(program), (identity) => identity.deleteGroup(name));
      print(`deleted group ${name}`);
    });
}
