export type ObjectPath = readonly string[];

/** The text form: each name percent-encoded, joined by slashes. */
export function toText(path: ObjectPath): string {
  return path.map((name) => (name === "." || name === ".." ? name.replaceAll(".", "%2E") : encodeURIComponent(name))).join("/");
}

/** @returns undefined for what is no path, as a mistyped address may hold. */
export function fromText(text: string): ObjectPath | undefined {
  try {
    const path = text.split("/").map(decodeURIComponent);
    return path.length <= 4 && path.every((name) => name !== "") ? path : undefined;
  } catch {
    return undefined;
  }
}

export function isSame(a: ObjectPath | null | undefined, b: ObjectPath | null | undefined): boolean {
  return a != null && b != null && a.length === b.length && a.every((name, index) => name === b[index]);
}

/** The object and those above it, from the connection down. */
export function lineageOf(path: ObjectPath): ObjectPath[] {
  return path.map((_, index) => path.slice(0, index + 1));
}

export function nameOf(path: ObjectPath): string {
  return path[path.length - 1] ?? "";
}
