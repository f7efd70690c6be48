import { readFileSync } from "node:fs";
import { BadRequestError, messageOf } from "../model/errors";

const STANDARD_INPUT = 0;

/**
 * @param name of a file with what `pulumi stack export` prints; `-` for standard input.
 * @throws BadRequestError when it cannot be read.
 */
export function readState(name: string): string {
  try {
    return readFileSync(name === "-" ? STANDARD_INPUT : name, "utf8");
  } catch (cause) {
    throw new BadRequestError(`--state: ${name} cannot be read (${messageOf(cause)}); give what \`pulumi stack export\` prints`, {
      field: "state",
      cause,
    });
  }
}
