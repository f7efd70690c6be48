import type { ObservedObject, ObservedScope, Platform, PlatformSession, SessionContext } from "../../sdk/model/platform";
import type { ConnectionInformation } from "../../sdk/model/registration";

const opened: PlatformSession[] = [];

/** A session of what is tested; which `closeSessions` closes. */
export async function sessionOf(
  platform: Platform,
  connection: ConnectionInformation,
  context: SessionContext = {},
): Promise<PlatformSession> {
  const session = await platform.open(connection, context);
  opened.push(session);
  return session;
}

export async function closeSessions(): Promise<void> {
  for (const session of opened.splice(0)) await session.close();
}

export async function objectsOf(session: PlatformSession, scope: ObservedScope, columns = false): Promise<ObservedObject[]> {
  const objects: ObservedObject[] = [];
  for await (const batch of session.streamObjects(scope, { columns })) objects.push(...batch);
  return objects;
}
