import type { Command } from "commander";
import { PERMISSIONS, type Permission } from "../../model/caller";
import type { User, UserChange } from "../../model/identity";
import { storeOf, withIdentity } from "../context";
import { addList } from "../list";
import { print } from "../print";

/** What `--no-...` leaves is `false`. */
interface UserFlags {
  readonly name?: string;
  readonly email?: string | false;
  readonly permission?: readonly Permission[] | false;
  readonly group?: readonly string[] | false;
}

export function addUsers(program: Command): void {
  const user = program.command("user").description("the users that may call over HTTP");

  details(user.command("create").description("add a user; it calls with a key (`key create`)").argument("<name>")).action(
    async (name: string, flags: UserFlags) => {
      const { id } = await withIdentity(storeOf(program), (identity) => identity.createUser({ ...changeOf(flags), name }));
      print(`created user ${name} (id ${id})`);
    },
  );

  addList(program, user, { description: "list the users", read: (identity) => identity.listUsers(), line: userLine });

  details(user.command("update").description("change a user; lists are replaced, what is not named stays").argument("<name>"))
    .option("--name <name>", "the new name")
    .option("--no-email", "without an email address")
    .option("--no-permission", "without permissions")
    .option("--no-group", "in no group")
    .action(async (name: string, flags: UserFlags) => {
      const updated = await withIdentity(storeOf(program), (identity) => identity.updateUser(name, changeOf(flags)));
      print(userLine(updated));
    });

  user
    .command("delete")
    .description("delete a user and its keys")
    .argument("<name>")
    .action(async (name: string) => {
      await withIdentity(storeOf(program), (identity) => identity.deleteUser(name));
      print(`deleted user ${name}`);
    });
}

function details(command: Command): Command {
  return command
    .option("--email <address>", "its email address")
    .option("--permission <permission>", `${PERMISSIONS.join(", ")}; may be given again`, collect)
    .option("--group <name>", "a group that it is in; may be given again", collect);
}

function collect(value: string, before: unknown): string[] {
  return [...(Array.isArray(before) ? (before as string[]) : []), value];
}

function changeOf({ name, email, permission, group }: UserFlags): UserChange {
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email: email === false ? null : email }),
    ...(permission !== undefined && { permissions: permission === false ? [] : permission }),
    ...(group !== undefined && { groups: group === false ? [] : group }),
  };
}

function userLine({ id, name, email, permissions, groups }: User): string {
  const parts = [
    `${id}  ${name}`,
    ...(email === null ? [] : [`<${email}>`]),
    permissions.length === 0 ? "no permissions" : permissions.join(", "),
    ...(groups.length === 0 ? [] : [`in ${groups.map((group) => group.name).join(", ")}`]),
  ];
  return parts.join("  ");
}
