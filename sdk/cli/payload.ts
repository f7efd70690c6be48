import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { BadRequestError, messageOf } from "../model/errors";

export interface Payload {
  readonly json?: string;
  readonly file?: string;
}

/** Adds `--json` and `--file`, one of which gives a registration. */
export function takesPayload(command: Command): Command {
  return command
    .addOption(new Option("--json <payload>", "the registration, as JSON").conflicts("file"))
    .addOption(new Option("--file <path>", "a file with the registration, as JSON"));
}

/** @throws BadRequestError without a word of the payload, which may hold a secret. */
export function readPayload<T>({ json, file }: Payload, command: string): T {
  if (json === undefined && file === undefined) throw new BadRequestError(`${command}: give the registration by --json or --file`);
  const origin = json === undefined ? file! : "--json";
  let text = json;
  try {
    text ??= readFileSync(file!, "utf8");
  } catch (cause) {
    throw new BadRequestError(`--file: ${file} cannot be read (${messageOf(cause)}); name a JSON file`, { cause });
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    // The parser's own message quotes the text.
    throw new BadRequestError(`${origin}: is not valid JSON; correct it`);
  }
}
