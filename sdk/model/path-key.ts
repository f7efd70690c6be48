import type { ObjectPath } from "./object-path";

/**
 * An object path as one string whose byte order is the order of the hierarchy: an object directly before its
 * descendants, siblings in byte order of their names. Elements are joined by U+0001; U+0000 to U+0002 inside a
 * name are escaped by a leading U+0002, which keeps the order.
 */
export type PathKey = string;

const SEPARATOR = "\u0001";
const AFTER_SEPARATOR = "\u0002";

const RESERVED = /[\u0000-\u0002]/;

const RESERVED_ALL = /[\u0000-\u0002]/g;

const ESCAPED_ALL = /\u0002([abc])/g;

export function toPathKey(path: ObjectPath): PathKey {
  return path.map(encodeName).join(SEPARATOR);
}

export function fromPathKey(key: PathKey): ObjectPath {
  return key.split(SEPARATOR).map(decodeName);
}

/** The key of a child, without taking the parent's apart. */
export function childKey(parent: PathKey, name: string): PathKey {
  return parent + SEPARATOR + encodeName(name);
}

/** The parent's key; undefined for a connection. */
export function parentKey(key: PathKey): PathKey | undefined {
  const end = key.lastIndexOf(SEPARATOR);
  return end < 0 ? undefined : key.slice(0, end);
}

/** Every descendant's key lies strictly between these two. */
export function descendantRange(key: PathKey): { after: string; before: string } {
  return { after: key + SEPARATOR, before: key + AFTER_SEPARATOR };
}

/** True for the object itself and everything beneath it. */
export function isWithin(key: PathKey, ancestor: PathKey): boolean {
  return key === ancestor || key.startsWith(ancestor + SEPARATOR);
}

/** How many elements the path has: 1 connection to 4 table. */
export function depthOf(key: PathKey): number {
  let depth = 1;
  for (let at = key.indexOf(SEPARATOR); at >= 0; at = key.indexOf(SEPARATOR, at + 1)) depth++;
  return depth;
}

/** Byte order of the UTF-8 text, which is how the store and the platforms sort; JavaScript's own order differs above U+FFFF. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return surrogatesLast(left) - surrogatesLast(right);
  }
  return a.length - b.length;
}

function surrogatesLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function encodeName(name: string): string {
  if (!RESERVED.test(name)) return name;
  return name.replace(RESERVED_ALL, (char) => AFTER_SEPARATOR + "abc"[char.charCodeAt(0)]);
}

function decodeName(name: string): string {
  if (!name.includes(AFTER_SEPARATOR)) return name;
  return name.replace(ESCAPED_ALL, (_, code: string) => String.fromCharCode("abc".indexOf(code)));
}
