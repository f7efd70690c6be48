import type { NamedPrincipal } from "../../../sdk/model/browsing";
import type { ConnectionsApi } from "../../../sdk/model/connections-api";
import { ConnectionsError } from "../../../sdk/model/errors";
import { isPrincipals, principalKey, type Principal, type PrincipalName, type PrincipalReference } from "../../../sdk/model/settings";
import type { Meaning } from "./declared-values";
import { mapIn, settingsOf, type OverrideMaps, type ValueTexts } from "./override-maps";
import type { Runtime } from "./runtime";

/** Users and groups that one request may ask for. */
const MOST = 1_000;

/** What owners that are declared by name or number mean; names are asked for all at once. */
export function ownersMeaning(inOrder: (owners: readonly PrincipalReference[]) => PrincipalReference[]) {
  return async (runtime: Runtime, ...declared: readonly OverrideMaps[]): Promise<Meaning> => {
    const named = await ask(runtime.api, declared.flatMap(namesIn));
    const numbers = new Map(named.map(({ type, id, name }) => [principalKey({ type, name }), id]));
    const resolve = (one: PrincipalReference): PrincipalReference => {
      const id = "name" in one ? numbers.get(principalKey(one)) : undefined;
      return id === undefined ? one : { type: one.type, id };
    };
    const keyOf = (one: PrincipalReference) => principalKey(resolve(one));
    return {
      settingOf: (owners) => (isPrincipals(owners) ? inOrder(owners.map(resolve)) : owners),
      declaredOf: (set, owners) => {
        if (!isPrincipals(set) || (owners !== undefined && !isPrincipals(owners))) return set;
        const [there, known] = [new Set(set.map(principalKey)), new Set(owners?.map(keyOf))];
        const kept = owners?.filter((one) => there.has(keyOf(one))) ?? [];
        return inOrder([...kept, ...set.filter((one) => !known.has(principalKey(one)))]);
      },
      problemOf: (owners) => {
        const unknown = isPrincipals(owners) ? owners.map(resolve).filter((one) => "name" in one) : [];
        if (unknown.length === 0) return undefined;
        return `there is no ${unknown.map(referenceText).join(", and no ")}; create it, correct the name, or give its id`;
      },
      texts: withNames,
      outputs: { principals: [...named].sort((a, b) => (principalKey(a) < principalKey(b) ? -1 : 1)) },
    };
  };
}

/** Owners as people call them; by number where the name is not known here, or nobody tells it. */
const withNames: ValueTexts = async ({ api, log }, values) => {
  const numbers = values.flatMap((value) => (isPrincipals(value) ? value.filter((one): one is Principal => "id" in one) : []));
  const named = await ask(api, numbers).catch((error: unknown) => {
    if (!(error instanceof ConnectionsError)) throw error;
    log.info(`owners are shown by number: ${error.message}`);
    return [];
  });
  const names = new Map(named.map((one) => [principalKey(one), `${one.type} ${one.name}`]));
  return (value) => {
    if (!isPrincipals(value)) return JSON.stringify(value);
    return value.length === 0 ? "nobody" : value.map((one) => names.get(principalKey(one)) ?? plainText(one)).join(", ");
  };
};

function namesIn(maps: OverrideMaps): PrincipalName[] {
  return settingsOf(maps).flatMap((setting) =>
    Object.values(mapIn(maps, setting)).flatMap((owners) =>
      isPrincipals(owners) ? owners.filter((one): one is PrincipalName => "name" in one) : [],
    ),
  );
}

/** Each once, in as few requests as the limit allows; none for nobody. */
async function ask(api: ConnectionsApi, references: readonly PrincipalReference[]): Promise<NamedPrincipal[]> {
  const distinct = [...new Map(references.map((one) => [principalKey(one), one])).values()];
  const found: NamedPrincipal[] = [];
  for (let from = 0; from < distinct.length; from += MOST) found.push(...(await api.listPrincipals(distinct.slice(from, from + MOST))));
  return found;
}

function referenceText(one: PrincipalReference): string {
  return "name" in one ? `${one.type} "${one.name}"` : plainText(one);
}

function plainText(one: PrincipalReference): string {
  return `${one.type} ${"name" in one ? one.name : one.id}`;
}
