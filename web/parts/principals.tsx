import { useQuery } from "@tanstack/preact-query";
import type { Principal } from "../../sdk/model/settings";
import { principalsQuery } from "../queries";

/** How to call users and groups: by their names, and by their numbers until those are read or where nobody here has them. */
export function useNames(principals: readonly Principal[]): (one: Principal) => string {
  const { data } = useQuery(principalsQuery(principals));
  return ({ type, id }) => data?.hits.find((one) => one.type === type && one.id === id)?.name ?? `${type} ${id}`;
}

/** The owners of a row of the tree: the first by name, of the others how many. */
export function Owners({ principals }: { readonly principals: readonly Principal[] }) {
  const nameOf = useNames(principals);
  const [first, ...others] = principals.map(nameOf);
  if (first === undefined) return null;
  return (
    <span class="quiet owners" title={`Data owners: ${[first, ...others].join(", ")}`}>
      <span class="visually-hidden">owned by </span>
      {first}
      {others.length > 0 && ` +${others.length}`}
    </span>
  );
}
