import type { NamedPrincipal } from "../../model/browsing";
import { principalKey, type Principal, type PrincipalReference } from "../../model/settings";
import type { Store } from "../../model/store";

/** Number and name of users and groups that are asked for by one of the two, each once; unknown ones are left out. */
export async function findPrincipals(store: Store, asked: readonly PrincipalReference[]): Promise<NamedPrincipal[]> {
  const byNumber = asked.filter((one): one is Principal => "id" in one);
  const found = byNumber.length === 0 ? [] : await store.namePrincipals(byNumber);
  for (const type of ["user", "group"] as const) {
    const names = new Set(asked.flatMap((one) => ("name" in one && one.type === type ? [one.name] : [])));
    if (names.size === 0) continue;
    for (const [name, id] of await store.findPrincipals(type, [...names])) found.push({ type, id, name });
  }
  return [...new Map(found.map((one) => [principalKey(one), one])).values()];
}
