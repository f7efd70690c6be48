import type { Command } from "commander";
import type { ApiKey } from "../../model/identity";
import { wholeNumber } from "../arguments";
import { storeOf, withIdentity } from "../context";
import { addList } from "../list";
import { print } from "../print";

interface CreateFlags {
  readonly name?: string;
  readonly expiresDays?: number;
}

export function addKeys(program: Command): void {
  const key = program.command("key").description("the API keys that users call with");

  key
    .command("create")
    .description("make a key, which is printed this once")
    .argument("<user>")
    .option("--name <name>", "what the key is for")
    .option("--expires-days <n>", "how many days it is valid; without it, until it is revoked", wholeNumber)
    .action(async (user: string, { name, expiresDays }: CreateFlags) => {
      const input = { user, name, expiresInDays: expiresDays };
      const { apiKey, key: text } = await withIdentity(storeOf(program), (identity) => identity.createKey(input));
      const until = apiKey.expiresAt === null ? "until it is revoked" : `until ${apiKey.expiresAt}`;
      console.error(`key ${apiKey.id} of ${user}, valid ${until}; keep it now, it is not shown again`);
      print(text);
    });

  addList(program, key, {
    description: "list the keys, without their secrets",
    read: (identity) => identity.listKeys(),
    line: (one) => keyLine(one, new Date()),
  });

  key
    .command("revoke")
    .description("make a key invalid for good; a running server notices within seconds")
    .argument("<id>", "as `key list` shows it", wholeNumber)
    .action(async (id: number) => {
      await withIdentity(storeOf(program), (identity) => identity.revokeKey(id));
      print(`revoked key ${id}`);
    });
}

function keyLine({ id, user, name, createdAt, expiresAt, revokedAt, lastUsedAt }: ApiKey, now: Date): string {
  return [`${id}  ${user.name}  ${name}`, `made ${createdAt}`, validity(), lastUsedAt === null ? "never used" : `used ${lastUsedAt}`].join(
    "  ",
  );

  function validity(): string {
    if (revokedAt !== null) return `revoked ${revokedAt}`;
    if (expiresAt === null) return "valid until revoked";
    return Date.parse(expiresAt) <= now.getTime() ? `expired ${expiresAt}` : `valid until ${expiresAt}`;
  }
}
