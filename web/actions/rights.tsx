import type { Right } from "../../sdk/model/browsing";

/** Whether the signed-in key may do something here. Undefined rights are still being asked for: then nothing is. */
export function mayDo(rights: readonly Right[] | undefined, operation: string): boolean {
  return rights?.find((right) => right.operation === operation)?.isAllowed === true;
}

/** Why not, where it may not. */
export function Refused({
  rights,
  operation,
  id,
}: {
  readonly rights: readonly Right[] | undefined;
  readonly operation: string;
  readonly id: string;
}) {
  const reason = rights?.find((right) => right.operation === operation)?.reason ?? null;
  if (reason === null) return null;
  return (
    <p class="refused" id={id}>
      <span class="chip">not allowed</span> {reason}
    </p>
  );
}
