import type { DeclaredDrift as Drift } from "../../sdk/model/browsing";
import type { Principal, SettingName } from "../../sdk/model/settings";
import { nameOf, toText } from "../object-path";
import { browseAddress } from "../routing";
import { fromNow, number, time } from "../words";
import { Link } from "./link";
import { Empty } from "./notice";
import { useNames } from "./principals";
import { Table } from "./table";

const SHOWN = 200;

const NAMES: Readonly<Record<SettingName, string>> = {
  isActive: "active",
  activateNewChildren: "activate new",
  dataOwners: "data owners",
  infrastructureAdmins: "infrastructure admins",
};

/** Settings that somebody changed since a Pulumi program declared them, a row each. */
export function DeclaredDriftTable({ drift }: { readonly drift: readonly Drift[] }) {
  return (
    <>
      <Table label="Drift from Pulumi" titles={["Object", "Setting", "Declared", "Now", "Changed"]}>
        {drift.slice(0, SHOWN).map((one) => (
          <Row key={`${toText(one.objectPath)} ${one.setting}`} of={one} />
        ))}
      </Table>
      {drift.length > SHOWN && (
        <Empty>
          The first {number(SHOWN)} of {number(drift.length)} are shown.
        </Empty>
      )}
    </>
  );
}

function Row({ of: { objectPath, setting, declared, actual, changedAt, changedBy } }: { readonly of: Drift }) {
  const nameOfPrincipal = useNames([...principalsIn(declared), ...principalsIn(actual)]);
  const text = (value: Drift["actual"]) =>
    value === null ? "inherits" : typeof value === "boolean" ? String(value) : value.map(nameOfPrincipal).join(", ") || "nobody";
  return (
    <tr>
      <th scope="row">
        <Link to={browseAddress(objectPath, { tab: "pulumi" })} title={objectPath.join(" / ")}>
          {nameOf(objectPath)}
        </Link>
      </th>
      <td>{NAMES[setting]}</td>
      <td>{text(declared)}</td>
      <td>
        <span class="chip changed">{text(actual)}</span>
      </td>
      <td title={time(changedAt)}>
        {fromNow(changedAt)} by {changedBy}
      </td>
    </tr>
  );
}

function principalsIn(value: Drift["actual"]): readonly Principal[] {
  return value === null || typeof value === "boolean" ? [] : value;
}
