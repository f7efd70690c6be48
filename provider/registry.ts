import * as pulumi from "@pulumi/pulumi";
import type { SettingName } from "../sdk/model/settings";
import { runError } from "./run-error";

/** What the resources of one run of a program declare at one tenant, so that they find each other and none claims another's object. */
interface Registry {
  /** Claim (`isActive of warehouse/sales`) to the resource that made it. */
  readonly claims: Map<string, string>;
  /** Connection key to the resource whose rules decide everything beneath it. */
  readonly governed: Map<string, string>;
  readonly connections: Map<string, pulumi.Resource>;
}

/** The provider that a resource is given explicitly; undefined for the default one. */
export type Tenant = pulumi.ProviderResource | undefined;

/** One for each run: several programs, and several runs of one, may share this process. */
const registries = new WeakMap<object, Map<Tenant, Registry>>();
const withoutStack = {};

function registry(tenant: Tenant): Registry {
  const run = pulumi.runtime.getStackResource() ?? withoutStack;
  let ofRun = registries.get(run);
  if (ofRun === undefined) registries.set(run, (ofRun = new Map<Tenant, Registry>()));
  let found = ofRun.get(tenant);
  if (found === undefined) ofRun.set(tenant, (found = { claims: new Map(), governed: new Map(), connections: new Map() }));
  return found;
}

/** Which tenant a resource with these options is registered at: its own provider, else that of what it belongs to. */
export function tenantOf(options: Pick<pulumi.ResourceOptions, "provider" | "parent"> | undefined): Tenant {
  const own = options?.provider;
  return own ?? options?.parent?.getProvider("pulumi-nodejs:dynamic:Resource");
}

/** @throws pulumi.RunError when another resource of the program claims the same. */
export function claim(tenant: Tenant, what: string, resource: string, field: string): void {
  const { claims } = registry(tenant);
  const other = claims.get(what);
  if (other !== undefined) {
    throw runError(`${resource}: ${field}: ${what} is declared by ${other} already; declare it once`);
  }
  claims.set(what, resource);
}

/** What rules decide beneath the top. */
const GOVERNED: ReadonlySet<SettingName> = new Set(["isActive", "activateNewChildren"]);

/**
 * Claims a setting of one object (its path in text form).
 * @throws pulumi.RunError when another resource claims it, or rules decide everything beneath its connection.
 */
export function claimSetting(tenant: Tenant, setting: SettingName, path: string, resource: string, field: string): void {
  const { governed } = registry(tenant);
  const [key, ...beneath] = path.split("/");
  const rules = beneath.length === 0 || !GOVERNED.has(setting) ? undefined : governed.get(key!);
  if (rules !== undefined) {
    throw runError(`${resource}: ${field}: ${setting} of ${path} is decided by the rules of ${rules}; declare it there, as a rule`);
  }
  claim(tenant, `${setting} of ${path}`, resource, field);
}

/**
 * Claims every status beneath a connection (its key in text form).
 * @throws pulumi.RunError when another resource claims one of them, or all.
 */
export function claimEverythingBeneath(tenant: Tenant, key: string, resource: string): void {
  const { claims, governed } = registry(tenant);
  const other = governed.get(key);
  if (other !== undefined) throw runError(`${resource}: connection ${key} is governed by ${other} already; put its rules together`);
  for (const [what, owner] of claims) {
    if (![...GOVERNED].some((setting) => what.startsWith(`${setting} of ${key}/`))) continue;
    throw runError(`${resource}: ${what} is declared by ${owner}; declare it as a rule instead`);
  }
  governed.set(key, resource);
}

export function addConnection(tenant: Tenant, connectionKey: string, resource: pulumi.Resource): void {
  registry(tenant).connections.set(connectionKey, resource);
}

/** The declared connection of this key, if the program has come past it. */
export function knownConnection(tenant: Tenant, connectionKey: string): pulumi.Resource | undefined {
  return registry(tenant).connections.get(connectionKey);
}

/** The declared connection of this key, wherever in the program it stands: asked for once the program's body has run. */
export async function declaredConnection(tenant: Tenant, connectionKey: string): Promise<pulumi.Resource[]> {
  const { connections } = registry(tenant);
  await new Promise((resolve) => setImmediate(resolve));
  const found = connections.get(connectionKey);
  return found === undefined ? [] : [found];
}
