import * as pulumi from "@pulumi/pulumi";
import { runError } from "../run-error";
import { keyedNames, type KeyedNames } from "./keyed-names";

/** Catalogs by name, or by a key of your own where a name comes out of another resource. */
export type DatabricksCatalogs = KeyedNames;

/** Nobody governs these by grants on their objects; connections leave them out. */
const NOT_GOVERNED = ["system", "hive_metastore", "samples"];

/** The catalogs with the key that their grants are called by. Unity Catalog keeps names in lower case. */
export function catalogEntries(
  catalogs: DatabricksCatalogs,
  resource: string,
): { readonly key: string; readonly name: pulumi.Output<string> }[] {
  return keyedNames(catalogs, resource, "catalogs", (name) => name.toLowerCase()).map(({ key, name, field }) => ({
    key,
    name: checked(name, (known) => catalogProblem(known), `${resource}: ${field}`),
  }));
}

/** The workspace's host alone, out of the host or its URL. */
export function workspaceHost(address: pulumi.Input<string>, resource: string): pulumi.Output<string> {
  return checked(address, hostProblem, `${resource}: hostname`).apply((known) =>
    known
      .toLowerCase()
      .replace(/^https:\/\//, "")
      .replace(/\.?\/?$/, ""),
  );
}

function catalogProblem(name: string): string | undefined {
  if (name === "") return "is empty; give a name";
  // What Unity Catalog refuses in names, and backticks, which are SQL's around a name and no part of it.
  if (/[./` \u0000-\u001f\u007f]/.test(name)) {
    return `${JSON.stringify(name)} has a character that no catalog's name can have (. / \` space); give the catalog's name alone, without quotes`;
  }
  if (NOT_GOVERNED.includes(name.toLowerCase())) return `${name} is Databricks' own, which a connection leaves out; remove it`;
  return undefined;
}

function hostProblem(address: string): string | undefined {
  if (/^(https:\/\/)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?\/?$/i.test(address)) return undefined;
  return `${JSON.stringify(address)} is no host; give the workspace's, as adb-1234567890123456.7.azuredatabricks.net, without port or path`;
}

/** Checked at once where it is plain, and when it is known otherwise. */
function checked(input: pulumi.Input<string>, problem: (known: string) => string | undefined, at: string): pulumi.Output<string> {
  const check = (known: string) => {
    const found = problem(known);
    if (found !== undefined) throw runError(`${at}: ${found}`);
    return known;
  };
  return typeof input === "string" ? pulumi.output(check(input)) : pulumi.output(input).apply(check);
}
