import { BadRequestError } from "../model/errors";
import { connectionKeySchema } from "../model/registration-schema";
import { problemsOf } from "../model/validate";

/** Letters, digits, `-` and `_`: what every generation of the API takes (contract: connectionKey). */
const NOT_ALLOWED = /[^A-Za-z0-9_-]+/g;

/**
 * A valid connection key that starts with the account's name and is not taken, letter case aside.
 * @param taken keys in lower case
 */
export function chooseConnectionKey(accountName: string, technology: string, taken: ReadonlySet<string>): string {
  const base = accountName.replace(NOT_ALLOWED, "-").replace(/^-+|-+$/g, "");
  const suffix = technology.toLowerCase();
  const first = base === "" ? suffix : isValid(base) ? base : `${base}-${suffix}`;
  let key = first;
  for (let number = 2; taken.has(key.toLowerCase()); number++) key = `${first}-${number}`;
  return key;
}

/** @throws BadRequestError where a given key is not valid or taken. */
export function checkConnectionKey(key: string, decision: string, taken: ReadonlySet<string>): void {
  const wrong = (reason: string) => new BadRequestError(`decisions: ${decision}: "${key}" ${reason}`, { field: decision });
  if (key.search(NOT_ALLOWED) >= 0) throw wrong("has other characters than letters, digits, - and _; choose another");
  const [problem] = problemsOf(connectionKeySchema, key);
  if (problem !== undefined) throw wrong(problem.reason);
  if (taken.has(key.toLowerCase())) throw wrong("is the key of another connection; choose another");
}

function isValid(key: string): boolean {
  return problemsOf(connectionKeySchema, key).length === 0;
}
