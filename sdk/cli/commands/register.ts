import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { BadRequestError, messageOf } from "../../model/errors";
import type { Registration } from "../../model/registration";
import { skippedLines } from "../../model/sync-plan";
import { storeOf, withApi } from "../context";
import { follow, showWait } from "../follow";
import { print } from "../print";
import { planLines } from "../print-plan";

interface Payload {
  readonly json?: string;
  readonly file?: string;
}

export function addRegister(program: Command): void {
  program
    .command("register")
    .description("register a connection and run its first object sync")
    .addOption(new Option("--json <payload>", "the registration, as JSON").conflicts("file"))
    .addOption(new Option("--file <path>", "a file with the registration, as JSON"))
    .action(async (options: Payload) => {
      const registration = readPayload(options);
      await withApi(storeOf(program), async (api) => {
        const { connectionKey, bulkId } = await api.registerConnection(registration, { onWait: showWait });
        const plan = await follow(api, bulkId);
        print(`registered ${connectionKey}`);
        skippedLines(plan).forEach(print);
        print(planLines({ ...plan, changes: [] }, false).at(-1)!);
      });
    });
}

function readPayload({ json, file }: Payload): Registration {
  if (json === undefined && file === undefined) throw new BadRequestError("register: give the registration by --json or --file");
  const origin = json === undefined ? file! : "--json";
  let text = json;
  try {
    text ??= readFileSync(file!, "utf8");
  } catch (cause) {
    throw new BadRequestError(`--file: ${file} cannot be read (${messageOf(cause)}); name a JSON file`, { cause });
  }
  try {
    return JSON.parse(text) as Registration;
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    throw new BadRequestError(`${origin}: is not valid JSON; correct it`);
  }
}
