import { askForPrincipals, valueTexts } from "../../../sdk/drift/principals";
import { isPrincipals, principalKey, type PrincipalName, type PrincipalReference } from "../../../sdk/model/settings";
import type { Meaning } from "./declared-values";
import { mapIn, settingsOf, type OverrideMaps, type ValueTexts } from "./override-maps";
import type { Runtime } from "./runtime";

/** What owners that are declared by name or number mean; names are asked for all at once. */
export function ownersMeaning(inOrder: (owners: readonly PrincipalReference[]) => PrincipalReference[]) {
  return async (runtime: Runtime, ...declared: readonly OverrideMaps[]): Promise<Meaning> => {
    const named = await askForPrincipals(runtime.api, declared.flatMap(namesIn));
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
        const missing = unknown.map(({ type, name }) => `${type} "${name}"`).join(", and no ");
        return `there is no ${missing}; create it, correct the name, or give its id`;
      },
      texts: withNames,
      outputs: { principals: [...named].sort((a, b) => (principalKey(a) < principalKey(b) ? -1 : 1)) },
    };
  };
}

/** Owners as people call them. */
const withNames: ValueTexts = ({ api, log }, values) =>
  valueTexts(api, values, ({ message }) => log.info(`owners are shown by number: ${message}`));

function namesIn(maps: OverrideMaps): PrincipalName[] {
  return settingsOf(maps).flatMap((setting) =>
    Object.values(mapIn(maps, setting)).flatMap((owners) =>
      isPrincipals(owners) ? owners.filter((one): one is PrincipalName => "name" in one) : [],
    ),
  );
}
