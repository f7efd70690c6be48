import * as pulumi from "@pulumi/pulumi";
import { quoteIdentifier } from "../../sdk/platforms/snowflake/quote";
import { runError } from "../run-error";
import { keyedNames, type KeyedNames } from "./keyed-names";

/** Databases by name, or by a key of your own where a name comes out of another resource. */
export type SnowflakeDatabases = KeyedNames;

/** The databases with the key that their grants are called by. */
export function databaseEntries(
  databases: SnowflakeDatabases,
  resource: string,
  field: string,
): { readonly key: string; readonly name: pulumi.Output<string> }[] {
  return keyedNames(databases, resource, field).map((entry) => ({ key: entry.key, name: plainName(entry.name, resource, entry.field) }));
}

/**
 * The exact name of an object, checked at once where it is plain, and when it is known otherwise. The Snowflake provider keeps
 * names in texts that the refused characters separate.
 */
export function plainName(name: pulumi.Input<string>, resource: string, field: string): pulumi.Output<string> {
  const checked = (known: string) => {
    if (known === "") throw runError(`${resource}: ${field}: is empty; give a name`);
    if (/[|."]/.test(known)) {
      throw runError(
        `${resource}: ${field}: ${known} has one of | . " in it, which the Snowflake provider cannot handle; ` +
          `give the exact name without quotes, or grant on this object by SQL (connections doctor prints it)`,
      );
    }
    return known;
  };
  return typeof name === "string" ? pulumi.output(checked(name)) : pulumi.output(name).apply(checked);
}

/** The name as connection parameters take it: bare names are read in upper case. */
export function asParameter(name: string): string {
  return /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : quoteIdentifier(name);
}
