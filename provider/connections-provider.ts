import * as pulumi from "@pulumi/pulumi";
import { runError } from "./run-error";

/** Where resources are registered: at a server, or in a store of their own. One of both. */
export interface ConnectionsProviderArgs {
  /** The server's address: `https://connections.example.com`. */
  endpoint?: pulumi.Input<string>;
  /** The key to that server. Kept secret in the state. */
  apiKey?: pulumi.Input<string>;
  /** The file of a store, relative to the program's folder, or the address of one in PostgreSQL, which is kept secret in the state. */
  store?: pulumi.Input<string>;
}

/** What a tenant was given, once it is known. */
export interface TenantSettings {
  readonly endpoint?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly store?: string | undefined;
}

/**
 * One tenant of several in a program. Resources are registered there when it is their `provider`, or that of the component that
 * they belong to; all others are registered where the stack's configuration says. Neither configuration nor environment
 * counts for an explicit tenant. A changed setting replaces nothing.
 *
 * @example
 * ```ts
 * const europe = new ConnectionsProvider("europe", { endpoint: "https://eu.example.com", apiKey: config.requireSecret("europeKey") });
 * new Connection("warehouse", { connectionKey: "warehouse", connection }, { provider: europe });
 * const { state } = await getObject({ objectPath: "warehouse/sales" }, { provider: europe });
 * ```
 */
export class ConnectionsProvider extends pulumi.ProviderResource {
  /** @internal What functions ask; a secret, since it holds the key. */
  readonly settings: pulumi.Output<TenantSettings>;

  constructor(name: string, args: ConnectionsProviderArgs, options?: pulumi.ResourceOptions) {
    const owner = `ConnectionsProvider "${name}"`;
    if ((args.endpoint === undefined) === (args.store === undefined)) throw runError(`${owner}: give either an endpoint or a store`);
    if (args.endpoint !== undefined && args.apiKey === undefined) {
      throw runError(`${owner}: apiKey: is missing; give the key to the endpoint (config.requireSecret("..."))`);
    }
    if (args.store !== undefined && args.apiKey !== undefined) throw runError(`${owner}: apiKey: belongs to an endpoint; remove it`);
    const given = (field: keyof ConnectionsProviderArgs) => filled(args[field], owner, field);
    const apiKey = args.apiKey === undefined ? undefined : pulumi.secret(given("apiKey"));
    const endpoint = given("endpoint");
    // An address holds a password.
    const store = given("store")?.apply((value) => (value.includes("://") ? pulumi.secret(value) : pulumi.output(value)));
    // The hooks find these where they find the stack's configuration otherwise: by their names in the namespace `connections`.
    const inputs = { "connections:endpoint": endpoint, "connections:apiKey": apiKey, "connections:store": store };
    super("pulumi-nodejs", name, inputs, options);
    this.settings = pulumi.secret(pulumi.all({ endpoint, apiKey, store }));
  }
}

/** An empty one would count as none, and the environment's be taken for it. */
function filled(input: pulumi.Input<string> | undefined, owner: string, field: string): pulumi.Output<string> | undefined {
  if (input === undefined) return undefined;
  return pulumi.output(input).apply((value) => {
    if (typeof value === "string" && value !== "") return value;
    throw runError(`${owner}: ${field}: expected a text that is not empty, got ${value === "" ? "an empty one" : typeof value}`);
  });
}
