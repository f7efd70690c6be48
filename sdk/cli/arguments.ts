import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";

export function wholeNumber(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 up.");
}

export function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("expected a port from 0 to 65535.");
}

/** Addresses or networks, separated by commas: `10.0.0.0/8,::1`. */
export function addresses(text: string): readonly string[] {
  const all = text.split(",").map((part) => part.trim());
  if (all.every(isNetwork)) return all;
  throw new InvalidArgumentError("expected addresses or networks, as 10.0.0.0/8,::1.");
}

function isNetwork(text: string): boolean {
  const [address = "", bits] = text.split("/");
  const family = isIP(address);
  return family !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}
