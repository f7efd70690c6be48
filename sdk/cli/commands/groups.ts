import type { Command } from "commander";
import { storeOf, withIdentity } from "../context";
import { addList } from "../list";
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

  addList(program, group, {
    description: "list the groups",
    read: (identity) => identity.listGroups(),
    line: ({ id, name }) => `${id}  ${name}`,
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
