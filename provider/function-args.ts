import type { DataObject, ObjectState, ObjectType } from "../sdk/model/data-object";

export interface GetObjectArgs {
  /** Names, or their text form: `warehouse/sales/main/orders`. */
  readonly objectPath: string | readonly string[];
  /** With the columns of a table (default false). */
  readonly columns?: boolean | undefined;
}

/** All filters apply. */
export interface GetObjectsArgs {
  /** What lies at and beneath this path; everything of the tenant where it is left out. */
  readonly objectPath?: string | readonly string[] | undefined;
  /** Objects whose own name contains this text, upper and lower case alike. */
  readonly searchText?: string | undefined;
  readonly state?: ObjectState | undefined;
  readonly objectTypes?: readonly ObjectType[] | undefined;
  /** Objects that carry a tag of this exact name. */
  readonly tag?: string | undefined;
  /** True: only what the platform no longer shows; false: only what it does. */
  readonly isMissing?: boolean | undefined;
  /** Objects with a setting of their own. */
  readonly isSetHere?: boolean | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** Objects of a page, 1 to 1,000; default 100. */
  readonly size?: number | undefined;
}

/** A page of objects, in order of the path. */
export interface GetObjectsResult {
  readonly objects: readonly DataObject[];
  /** Give it as `after` to read on; null when this was all. */
  readonly next: string | null;
}

export interface GetDriftArgs {
  /** Connections to look at: where left out, those of `file`, else all of the tenant. */
  readonly connectionKeys?: readonly string[] | undefined;
  /** A governance file, relative to the program's folder: settings are compared with what its rules come to. */
  readonly file?: string | undefined;
  /** Changes on the platform to list of each connection; default 1,000. They are counted in any case. */
  readonly limit?: number | undefined;
}
