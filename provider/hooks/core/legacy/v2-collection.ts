import { NotFoundError } from "../../../../sdk/model/errors";
import type { CollectionResult } from "../../../../sdk/model/legacy-api";
import type { LegacyRegistration } from "../../../../sdk/model/legacy/registration";
import type { Runtime } from "../runtime";
import type { OldWay, RegisteredSource } from "./registered-source";

/** V2: a payload is the whole wish for one collection, so that saving it creates, updates and finds out what changed. */
export function v2OldWay({ legacy }: Runtime, payload: object, { name: collection }: LegacyRegistration): OldWay {
  const save = async () => sourcesOf(await legacy.saveCollection(payload));
  return {
    id: collection,
    create: save,
    update: save,

    async drift() {
      const { creating, updating, deleting } = await legacy.saveCollection(payload, { dryRun: true });
      return [
        ...creating.map((name) => `data source "${name}" is not registered, or not any more`),
        ...updating.map((name) => `data source "${name}" is not as it was registered`),
        ...deleting.map((name) => `data source "${name}" belongs to the collection without being in the payload`),
      ];
    },

    async read() {
      const result = await legacy.saveCollection(payload, { dryRun: true });
      const there = [...result.noChange, ...result.updating];
      return there.length === 0 ? undefined : there.sort().map((name) => ({ name }));
    },

    async remove() {
      try {
        await legacy.deleteCollection(collection);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    },
  };
}

function sourcesOf({ creating, updating, noChange }: CollectionResult): RegisteredSource[] {
  return [...creating, ...updating, ...noChange].sort().map((name) => ({ name }));
}
