import { InvalidArgumentError } from "commander";

export function wholeNumber(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 up.");
}

export function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("expected a port from 0 to 65535.");
}
