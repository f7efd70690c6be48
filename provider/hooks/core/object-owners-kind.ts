import { z } from "zod";
import { isPrincipals, principalKey, type PrincipalReference } from "../../../sdk/model/settings";
import { overrideSetKind } from "./override-set-kind";
import { ownersMeaning } from "./principals";

const reference = z
  .strictObject({
    type: z.enum(["user", "group"]),
    id: z.int().nonnegative("expected a number from 0 up").optional(),
    name: z.string().min(1, "is empty").optional(),
  })
  .superRefine(({ id, name }, context) => {
    if ((id === undefined) !== (name === undefined)) return;
    const message = id === undefined ? "is missing; give name, or id" : "stands beside id; give one of the two";
    context.addIssue({ code: "custom", path: ["name"], message });
  });

// Owners add up downward, so an empty list has no effect, and nobody who wrote one would get what they meant by it.
const NOBODY = "names nobody, which takes no inherited owner away; name one, or take the path out";

/** Data owners and infrastructure admins of many objects, by name or number. */
export const objectOwnersKind = overrideSetKind({
  inputs: { dataOwners: "dataOwners", infrastructureAdmins: "infrastructureAdmins" },
  value: z.array(reference).min(1, NOBODY) as unknown as z.ZodType<PrincipalReference[]>,
  canonical: (owners) => (isPrincipals(owners) ? inOrder(owners) : owners),
  meaning: ownersMeaning(inOrder),
});

/** The order of owners means nothing. */
function inOrder(owners: readonly PrincipalReference[]): PrincipalReference[] {
  const distinct = new Map(owners.map((one) => [principalKey(one), one]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
