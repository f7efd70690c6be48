import { NotFoundError, RemoteError } from "../model/errors";
import { capabilities } from "../model/wire/responses";
import type { Transport } from "./transport";

/** What servers may have beyond the contract. */
export type Feature =
  | "dryRun"
  | "counts"
  | "dataSources"
  | "overrides"
  | "diagnosis"
  | "activity"
  | "objects"
  | "manySettings"
  | "changes"
  | "upgrade"
  | "browsing"
  | "principalNames";

const MISSING: Readonly<Record<Feature, string>> = {
  dryRun: "cannot tell what a sync would change, so previews do not show what changed on the platform",
  counts: "cannot count objects",
  dataSources: "cannot list data sources; list the objects and look for active tables",
  overrides: "cannot list overrides",
  diagnosis: "cannot look for missing grants",
  upgrade: "has no data sources of the time before connections that it could upgrade",
  browsing: "cannot search beneath objects, preview changes of status or tell their history",
  principalNames: "does not tell the numbers of users and groups; give their ids in place of names",
  objects: "cannot list everything beneath an object",
  manySettings: "cannot change many objects at once",
  changes: "does not tell who changed a setting",
  activity: "keeps neither tags nor lineage nor the audit of statements",
};

/** Asked for once, when it is first needed: a call with a `dryRun` that a server does not know would be a real one. */
export function createFeatures(transport: Transport) {
  let features: Promise<ReadonlySet<string>> | undefined;

  const has = async (feature: Feature): Promise<boolean> => (await (features ??= read())).has(feature);

  async function read(): Promise<ReadonlySet<string>> {
    try {
      const answer = await transport.send({ method: "GET", path: "/capabilities", answer: capabilities });
      return new Set(answer.features);
    } catch (error) {
      // A tenant of the vendor does not have the route, or answers it with a page of its own.
      if (error instanceof NotFoundError || (error instanceof RemoteError && (error.statusCode === 404 || error.statusCode === 502)))
        return new Set();
      features = undefined;
      throw error;
    }
  }

  return {
    has,
    /** @throws RemoteError saying what cannot be done. */
    async demand(feature: Feature): Promise<void> {
      if (!(await has(feature))) throw new RemoteError(501, `this server ${MISSING[feature]}`, { field: "endpoint" });
    },
  };
}
