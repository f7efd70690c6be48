import { BadRequestError } from "../model/errors";

const DEFAULT_SIZE = 25;
const LARGEST_SIZE = 1_000;

/** The number of hits that a list returns. @throws BadRequestError naming `size`. */
export function pageSize(size = DEFAULT_SIZE, largest = LARGEST_SIZE): number {
  if (Number.isInteger(size) && size >= 1 && size <= largest) return size;
  throw new BadRequestError(`size: expected a whole number from 1 to ${largest}, got ${size}`, { field: "size" });
}
