import type * as pulumi from "@pulumi/pulumi";

export interface LegacyDataSourceArgs {
  /**
   * A V1 payload (`handler`, `dataSource`) or V2 payload (`connectionKey`, `connection`) as it is: an object, or its text in YAML or JSON.
   * In an object, secrets may be outputs; everything else has to be plain.
   */
  readonly payload: string | Readonly<Record<string, unknown>>;
  /** The technology of the route of a V1 payload that does not say it in `dataSource.blobHandlerType`. */
  readonly technology?: string;
  /** Register by the former API as long as the account is not upgraded (default false: it is upgraded, or connected, by `up`). */
  readonly registerOldWay?: boolean;
  /** Of an account that has no connection yet; made of the account's name when left out. */
  readonly connectionKey?: string;
  /**
   * Connection information that takes the place of what registrations say, or of what they do not say or say differently: a `role`, or a
   * whole login with its `authenticationType`.
   */
  readonly connection?: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** Answers to decisions of the conversion, by their id, as in the decisions file of `connections convert`. */
  readonly decisions?: Readonly<Record<string, string>>;
  /** Losses to accept where the account is upgraded: `registrationTags`. */
  readonly acknowledge?: readonly "registrationTags"[];
}

/** What became of a registration. */
export interface LegacyOutcome {
  /** The connection that it is part of; undefined while it is registered the old way. */
  readonly connectionKey: string | undefined;
}

/** A registration that the program declares. */
export interface LegacyDeclaration {
  readonly resource: pulumi.Resource;
  readonly name: string;
  /** As messages call it. */
  readonly owner: string;
  readonly args: LegacyDataSourceArgs;
}
