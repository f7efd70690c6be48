import type * as pulumi from "@pulumi/pulumi";
import { runError } from "../run-error";

/**
 * Names, or, where a name comes out of another resource, names by a key of your own: how many there are, and what the resources
 * made for them are called, has to be known at preview.
 */
export type KeyedNames = readonly string[] | Readonly<Record<string, pulumi.Input<string>>>;

export interface KeyedName {
  /** What resources made for the name are called by. */
  readonly key: string;
  readonly name: pulumi.Input<string>;
  /** Where it is said, for messages. */
  readonly field: string;
}

/**
 * @param sameAs what two keys have in common that cannot both be; the key itself when left out.
 * @throws pulumi.RunError when a list names something twice.
 */
export function keyedNames(names: KeyedNames, resource: string, field: string, sameAs = (key: string) => key): KeyedName[] {
  if (!isList(names)) return Object.entries(names).map(([key, name]) => ({ key, name, field: `${field}.${key}` }));
  const seen = new Set<string>();
  return names.map((name) => {
    if (seen.has(sameAs(name))) throw runError(`${resource}: ${field}: names ${name} twice; name it once`);
    seen.add(sameAs(name));
    return { key: name, name, field };
  });
}

function isList(names: KeyedNames): names is readonly string[] {
  return Array.isArray(names);
}
