import type { DiagnoseOptions } from "../model/connections-api";
import { BadRequestError } from "../model/errors";
import type { Diagnosis, ExpectedObject } from "../model/diagnosis";
import { fromPathKey, toPathKey } from "../model/path-key";
import type { Store } from "../model/store";
import type { Connections } from "./connections";

/**
 * Which grants a connection lacks for what is registered of it. All of that is held in memory meanwhile.
 * @throws BadRequestError where the platform has no grants.
 */
export async function diagnose(
  { store, connections }: { readonly store: Store; readonly connections: Connections },
  connectionKey: string,
  { signal, onWait }: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const row = await connections.requireRow(connectionKey);
  const session = await connections.openSession(row, signal, onWait);
  try {
    if (session.diagnose === undefined) {
      throw new BadRequestError(`${connectionKey}: ${row.technology} has no grants; whoever can read its files sees everything`, {
        field: "connectionKey",
      });
    }
    const { nativeIntegration } = await connections.read(connectionKey);
    return await session.diagnose(connectionKey, await registeredObjects(store, connectionKey), nativeIntegration, signal);
  } finally {
    await session.close();
  }
}

async function registeredObjects(store: Store, connectionKey: string): Promise<ExpectedObject[]> {
  const objects: ExpectedObject[] = [];
  for await (const batch of store.streamObjects(toPathKey([connectionKey]))) {
    for (const { key, objectType, missingSince } of batch) {
      const objectPath = [...fromPathKey(key)];
      if (objectPath.length > 1) objects.push({ objectPath, objectType, missingSince });
    }
  }
  return objects;
}
