import type { Runtime } from "./runtime";

/** A property that failed validation. `property` is dotted. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export type Properties = Readonly<Record<string, unknown>>;

/**
 * What one kind of resource does, without Pulumi: an adapter carries it over. Inputs are checked and canonical when they
 * get here; outputs always hold every input.
 */
export interface ResourceKind {
  /** Every input that a user or `check` sets. */
  readonly inputNames: readonly string[];
  /** Inputs that cannot change on a resource that exists. */
  readonly replaceNames: readonly string[];
  /**
   * Validates and normalises. Values may be unknown (preview). `recorded` are the inputs of the last up, undefined for a
   * new resource; what was changed outside since is returned as `drift`. Writes nothing.
   */
  check(runtime: Runtime, recorded: Properties | undefined, declared: Properties): Promise<CheckOutcome>;
  create(runtime: Runtime, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** Undefined when it is gone. Writes nothing. */
  read(runtime: Runtime, id: string, outputs: Properties): Promise<{ inputs: Properties; outputs: Properties } | undefined>;
  update(runtime: Runtime, id: string, recorded: Properties, inputs: Properties): Promise<Properties>;
  delete(runtime: Runtime, id: string, outputs: Properties): Promise<void>;
  /** A replacement is told from an update by comparing a canonical form of some inputs; the rest compare as they are. */
  replaceValue(name: string, properties: Properties): unknown;
}

export interface CheckOutcome {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
  /** What was changed outside since the last up, a line each. */
  readonly drift: readonly string[];
}

/** It was created or updated, but not all of it worked: state must be kept, and the next up tries again. */
export class IncompleteError extends Error {
  constructor(
    readonly id: string,
    readonly properties: Properties,
    message: string,
  ) {
    super(message);
    this.name = "IncompleteError";
  }
}
