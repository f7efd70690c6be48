import { InvalidArgumentError } from "commander";

export function wholeNumber(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 up.");
}
