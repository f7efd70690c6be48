import type { SettingsFailure, SettingsOutcome, SettingsUpdate } from "../model/connections-api";
import { ForbiddenError, NotFoundError } from "../model/errors";
import type { ObjectPath } from "../model/object-path";
import type { SettingsPatch } from "../model/settings";
import { MOST_SETTINGS } from "../model/wire/requests";

/** Half of what a server takes as a body. */
const MOST_BYTES = 524_288;
/** Single calls on their way at the same time. */
const SIDE_BY_SIDE = 8;

/** Sends changes in as few requests as the server's limits allow, one after the other. */
export async function sendInParts(
  updates: readonly SettingsUpdate[],
  send: (some: readonly SettingsUpdate[]) => Promise<SettingsOutcome>,
): Promise<SettingsOutcome> {
  let updated = 0;
  const failures: SettingsFailure[] = [];
  for (const some of parts(updates)) {
    const outcome = await send(some);
    updated += outcome.updated;
    failures.push(...outcome.failures);
  }
  return { updated, failures };
}

/** For servers that change one object at a time. */
export async function updateOneByOne(
  update: (objectPath: ObjectPath, patch: SettingsPatch) => Promise<unknown>,
  updates: readonly SettingsUpdate[],
): Promise<SettingsOutcome> {
  const failures: SettingsFailure[] = [];
  const left = updates.values();
  const work = async () => {
    for (const { objectPath, settings } of left) {
      try {
        await update(objectPath, settings);
      } catch (error) {
        // What is wrong with this object alone; anything else concerns the others too.
        if (!(error instanceof NotFoundError) && !(error instanceof ForbiddenError)) throw error;
        failures.push({ objectPath: [...objectPath], statusCode: error.statusCode, message: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return { updated: updates.length - failures.length, failures };
}

function* parts(updates: readonly SettingsUpdate[]): Generator<SettingsUpdate[]> {
  let part: SettingsUpdate[] = [];
  let bytes = 0;
  for (const update of updates) {
    const size = Buffer.byteLength(JSON.stringify(update));
    if (part.length === MOST_SETTINGS || (part.length > 0 && bytes + size > MOST_BYTES)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(update);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
