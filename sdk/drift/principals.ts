import type { NamedPrincipal } from "../model/browsing";
import type { ConnectionsApi } from "../model/connections-api";
import { ConnectionsError } from "../model/errors";
import { isPrincipals, principalKey, type Principal, type PrincipalReference, type SettingValue } from "../model/settings";

/** Users and groups that one request may ask for. */
const MOST = 1_000;

type Reader = Pick<ConnectionsApi, "listPrincipals">;

/** Number and name of users and groups, each once, in as few requests as the limit allows; none for nobody. */
export async function askForPrincipals(api: Reader, references: readonly PrincipalReference[]): Promise<NamedPrincipal[]> {
  const distinct = [...new Map(references.map((one) => [principalKey(one), one])).values()];
  const found: NamedPrincipal[] = [];
  for (let from = 0; from < distinct.length; from += MOST) found.push(...(await api.listPrincipals(distinct.slice(from, from + MOST))));
  return found;
}

/**
 * How values of settings read: users and groups by name, by number where the name is not known or nobody tells it.
 * @param onUnnamed told why no names could be asked for
 */
export async function valueTexts(
  api: Reader,
  values: readonly SettingValue[],
  onUnnamed: (error: ConnectionsError) => void = () => undefined,
): Promise<(value: SettingValue) => string> {
  const numbers = values.flatMap((value) => (isPrincipals(value) ? value.filter((one): one is Principal => "id" in one) : []));
  const named = await askForPrincipals(api, numbers).catch((error: unknown) => {
    if (!(error instanceof ConnectionsError)) throw error;
    onUnnamed(error);
    return [];
  });
  const names = new Map(named.map((one) => [principalKey(one), `${one.type} ${one.name}`]));
  return (value) => {
    if (!isPrincipals(value)) return JSON.stringify(value);
    return value.length === 0 ? "nobody" : value.map((one) => names.get(principalKey(one)) ?? principalText(one)).join(", ");
  };
}

/** `group finance`, or `user 7`. */
export function principalText(one: PrincipalReference): string {
  return `${one.type} ${"name" in one ? one.name : one.id}`;
}
