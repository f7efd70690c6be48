import * as pulumi from "@pulumi/pulumi";
import type { NamedPrincipal } from "../sdk/model/browsing";
import type { PrincipalReference } from "../sdk/model/settings";
import type { PrincipalArgs } from "./connection";
import { setOptions } from "./override-paths";
import { objectOwnersProvider } from "./shim";

/** A user or group by its name, which is looked up where the connection is registered. */
export interface PrincipalNameArgs {
  type: pulumi.Input<"user" | "group">;
  name: pulumi.Input<string>;
}

/**
 * At least one user or group by object path in its text form, elements percent-encoded:
 * `{ "warehouse/sales": [{ type: "group", name: "finance" }] }`. Their order means nothing.
 */
export type ObjectOwnerMap = pulumi.Input<Record<string, pulumi.Input<pulumi.Input<PrincipalArgs | PrincipalNameArgs>[]>>>;

export interface ObjectOwnersArgs {
  /** Who owns each object and everything beneath it. */
  dataOwners?: ObjectOwnerMap;
  /** Who administers each object and everything beneath it. */
  infrastructureAdmins?: ObjectOwnerMap;
}

/**
 * Data owners and infrastructure admins of many objects as one resource: a few requests for all of them, and drift told path by
 * path. Owners add up downward (contract: data owners are additive): whoever owns a parent owns what is beneath it, whatever is set
 * there, so a list names at least one. What is taken out leaves an object with the owners that it inherits. A name that nobody
 * has is a warning at preview, and an error at `up`, which then changes nothing; a server that tells no numbers takes ids alone.
 *
 * @example
 * ```ts
 * new ObjectOwners("finance", {
 *   dataOwners: { "warehouse/sales": [{ type: "group", name: "finance" }, { type: "user", id: 7 }] },
 * });
 * ```
 */
export class ObjectOwners extends pulumi.dynamic.Resource {
  declare readonly dataOwners: pulumi.Output<Record<string, PrincipalReference[]> | undefined>;
  declare readonly infrastructureAdmins: pulumi.Output<Record<string, PrincipalReference[]> | undefined>;
  /** How many lists of owners and admins the set holds. */
  declare readonly count: pulumi.Output<number>;
  /** Whom the names stood for at the last `up` or refresh. */
  declare readonly principals: pulumi.Output<NamedPrincipal[]>;

  constructor(name: string, args: ObjectOwnersArgs, options?: pulumi.CustomResourceOptions) {
    const { dataOwners, infrastructureAdmins } = args;
    super(
      objectOwnersProvider,
      name,
      { ...args, setName: name, count: undefined, principals: undefined },
      setOptions(
        `ObjectOwners "${name}"`,
        { dataOwners: ["dataOwners", dataOwners], infrastructureAdmins: ["infrastructureAdmins", infrastructureAdmins] },
        options,
      ),
      "connections",
      "ObjectOwners",
    );
  }
}
