import { BadRequestError } from "../model/errors";

const DEFAULT_SIZE = 25;
const LARGEST_SIZE = 1_000;

/** The number of hits that a list returns. @throws BadRequestError naming `size`. */
export function pageSize(size = DEFAULT_SIZE): number {
  if (Number.isInteger(size) && size >= 1 && size <= LARGEST_SIZE) return size;
  throw new BadRequestError(`size: expected a whole number from 1 to ${LARGEST_SIZE}, got ${size}`, { field: "size" });
}
