import * as pulumi from "@pulumi/pulumi";
import { runError } from "./run-error";

/** What the resources of one run of a program declare, so that they find each other and none claims another's object. */
interface Registry {
  /** Claim (`status warehouse/sales`) to the resource that made it. */
  readonly claims: Map<string, string>;
  readonly connections: Map<string, pulumi.Resource>;
}

/** One for each run: several programs, and several runs of one, may share this process. */
const registries = new WeakMap<object, Registry>();
const withoutStack = {};

function registry(): Registry {
  const run = pulumi.runtime.getStackResource() ?? withoutStack;
  let found = registries.get(run);
  if (found === undefined) registries.set(run, (found = { claims: new Map(), connections: new Map() }));
  return found;
}

/** @throws pulumi.RunError when another resource of the program claims the same. */
export function claim(what: string, resource: string, field: string): void {
  const { claims } = registry();
  const other = claims.get(what);
  if (other !== undefined) {
    throw runError(`${resource}: ${field}: ${what} is declared by ${other} already; declare it once`);
  }
  claims.set(what, resource);
}

export function addConnection(connectionKey: string, resource: pulumi.Resource): void {
  registry().connections.set(connectionKey, resource);
}

/** The declared connection of this key, wherever in the program it stands: asked for once the program's body has run. */
export async function declaredConnection(connectionKey: string): Promise<pulumi.Resource[]> {
  const { connections } = registry();
  await new Promise((resolve) => setImmediate(resolve));
  const found = connections.get(connectionKey);
  return found === undefined ? [] : [found];
}
