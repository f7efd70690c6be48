import { BadRequestError } from "./errors";

/** Names from the connection down: `["warehouse", "sales", "main", "orders"]`. One to four elements, none empty. */
export type ObjectPath = readonly string[];

/** What an object path of one, two, three or four elements names. */
export type ObjectLevel = "connection" | "database" | "schema" | "table";

const LEVELS: readonly ObjectLevel[] = ["connection", "database", "schema", "table"];

/**
 * Reads an object path from its array form or its text form (`warehouse/sales/main/orders`, every element
 * percent-encoded on its own so that names may hold `/`, `%`, dots or spaces).
 * @throws BadRequestError naming the element that is wrong.
 */
export function parseObjectPath(input: string | readonly string[], field = "objectPath"): ObjectPath {
  const path = typeof input === "string" ? input.split("/").map((text) => decodeElement(text, input, field)) : [...input];
  if (path.length === 0) {
    throw new BadRequestError(`${field}: an object path needs at least the connection key`, { field });
  }
  if (path.length > LEVELS.length) {
    throw new BadRequestError(
      `${field}: ${formatObjectPath(path)} has ${path.length} elements; an object path has at most 4: ` +
        `connection, database, schema, table. A "/" inside a name is written %2F in the text form`,
      { field },
    );
  }
  const empty = path.findIndex((element) => element === "");
  if (empty >= 0) {
    throw new BadRequestError(`${field}: element ${empty + 1} (${LEVELS[empty]}) is empty; give every name`, { field });
  }
  const broken = path.findIndex((element) => !isName(element));
  if (broken >= 0) {
    throw new BadRequestError(`${field}: element ${broken + 1} (${LEVELS[broken]}) is not valid Unicode text`, { field });
  }
  return path;
}

/** Whether a text can be an element of an object path. */
export function isName(text: string): boolean {
  return text !== "" && !/\p{Surrogate}/u.test(text);
}

/** The text form: elements percent-encoded one by one and joined by `/`. */
export function formatObjectPath(path: ObjectPath): string {
  return path.map(encodeElement).join("/");
}

export function levelOf(path: ObjectPath): ObjectLevel {
  const level = LEVELS[path.length - 1];
  if (level === undefined) throw new BadRequestError(`objectPath: ${path.length} elements; expected 1 to 4`);
  return level;
}

/** The objects above, from the connection down, the object itself last. */
export function lineage(path: ObjectPath): ObjectPath[] {
  return path.map((_, index) => path.slice(0, index + 1));
}

function encodeElement(element: string): string {
  // A lone "." or ".." would be swallowed by URL normalisation.
  if (element === "." || element === "..") return element.replaceAll(".", "%2E");
  return encodeURIComponent(element);
}

function decodeElement(text: string, whole: string, field: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new BadRequestError(`${field}: "${text}" in "${whole}" is not valid percent-encoding; write a literal "%" as %25`, {
      field,
      cause,
    });
  }
}
