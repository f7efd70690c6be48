import type { ConnectionsApi } from "../model/connections-api";
import type { DriftItem, DriftReport } from "../model/drift-report";
import { ConnectionsError, NotFoundError } from "../model/errors";
import { formatObjectPath } from "../model/object-path";
import { SETTING_NAMES, sameSetting, type SettingName, type SettingValue } from "../model/settings";
import type { SyncChange } from "../model/sync-plan";
import { valueTexts } from "./principals";
import { changeText, heldText, settingText, UNREGISTERED } from "./words";

/** Values by setting; one that is left out is inherited. */
export type ExpectedSettings = Readonly<Partial<Record<SettingName, SettingValue | undefined>>>;

/** What is declared for one connection: settings by object path as text. */
export interface Expected {
  readonly settings: ReadonlyMap<string, ExpectedSettings>;
  /** Settings that nothing else may set beneath the top, because rules own them. */
  readonly owned: ReadonlySet<SettingName>;
}

export interface DriftOptions {
  /** By connection key; connections without are compared with their platform only. */
  readonly expected?: ReadonlyMap<string, Expected>;
  /** Changes on the platform to list of each connection; default 1,000. */
  readonly limit?: number;
}

type Reader = Pick<ConnectionsApi, "listOverrides" | "planSync" | "getConnection" | "listPrincipals">;

/** Compares what is declared with what is registered, and what is registered with the platform. Writes nothing. */
export async function collectDrift(
  api: Reader,
  connections: readonly string[],
  { expected = new Map(), limit = 1_000 }: DriftOptions = {},
): Promise<DriftReport> {
  const items: DriftItem[] = [];
  const unread: string[] = [];
  let unlisted = 0;
  for (const connectionKey of connections) {
    try {
      const declared = expected.get(connectionKey);
      if (declared !== undefined) items.push(...(await settingDrift(api, declared, connectionKey)));
      else await api.getConnection(connectionKey);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      items.push({ kind: "connection", objectPath: formatObjectPath([connectionKey]), what: UNREGISTERED });
      continue;
    }
    try {
      const { changes, counts, held, failed } = await api.planSync([connectionKey], { limit });
      items.push(...changes.map(platformItem));
      unlisted += counts.new + counts.changed + counts.missing + counts.returned - changes.length;
      items.push(
        ...held.map((database) => ({
          kind: "platform" as const,
          objectPath: formatObjectPath(database.objectPath),
          what: heldText(database),
        })),
      );
      unread.push(...failed.map(({ objectPath, message }) => `${formatObjectPath(objectPath)}: ${message}`));
    } catch (error) {
      if (!(error instanceof ConnectionsError)) throw error;
      unread.push(`${formatObjectPath([connectionKey])}: the platform could not be read: ${error.message}`);
    }
  }
  return { connections, items, total: items.length + unlisted, unread };
}

async function settingDrift(api: Reader, { settings, owned }: Expected, connectionKey: string): Promise<DriftItem[]> {
  const listed = await api.listOverrides([connectionKey], { changes: true });
  const observed = new Map(listed.map((one) => [formatObjectPath(one.objectPath), one]));
  const paths = [...new Set([...settings.keys(), ...observed.keys()])].sort();
  const differing = paths.flatMap((objectPath) => {
    const isTop = !objectPath.includes("/");
    return SETTING_NAMES.flatMap((setting) => {
      const recorded = settings.get(objectPath)?.[setting];
      const is = observed.get(objectPath)?.overrides[setting];
      const matters = recorded !== undefined || (owned.has(setting) && !isTop);
      return !matters || sameSetting(recorded, is) ? [] : [{ objectPath, setting, recorded, observed: is }];
    });
  });
  const textOf = await valueTexts(
    api,
    differing.flatMap((one) => [one.recorded, one.observed].filter((value) => value !== undefined)),
  );
  return differing.map((one): DriftItem => {
    const { objectPath, setting } = one;
    const change = observed.get(objectPath)?.changes?.[setting];
    const what = settingText(setting, one.recorded, one.observed, textOf);
    return { kind: "setting", objectPath, what, setting, recorded: one.recorded, observed: one.observed, ...(change && { change }) };
  });
}

function platformItem(change: SyncChange): DriftItem {
  return { kind: "platform", objectPath: formatObjectPath(change.objectPath), what: changeText(change) };
}
