import type { Acknowledgement, UpgradePlan } from "../../sdk/model/upgrade";
import { Empty } from "../parts/notice";
import { Table } from "../parts/table";
import { counted, number } from "../words";

interface Props {
  readonly plan: UpgradePlan;
  readonly acknowledged: readonly Acknowledgement[];
  readonly onAcknowledge: (what: Acknowledgement, isAccepted: boolean) => void;
}

/** What an upgrade would do to data sources and tables, and what stands in its way. */
export function PlanOfUpgrade({ plan, acknowledged, onAcknowledge }: Props) {
  const { blockers, counts, moving, remaining, warnings } = plan;
  return (
    <section class="plan" aria-label="The upgrade's plan">
      <h2>The upgrade would</h2>
      <ul class="plain-list">
        <li>move {counted(counts.moving, "data source")}, each with its id, tags and policies</li>
        {counts.remaining > 0 && <li>leave {counted(counts.remaining, "data source")} for which it finds no table</li>}
        {counts.activated > 0 && <li>make data sources of {counted(counts.activated, "table")} more, since their schemas are monitored</li>}
        {counts.inactive > 0 && <li>show {counted(counts.inactive, "other table")} as inactive objects</li>}
      </ul>
      {blockers.map(({ message, acknowledge }) => (
        <div class="notice bad" key={message} role="alert">
          <span>{message}</span>
          {acknowledge !== undefined && (
            <label class="check">
              <input
                type="checkbox"
                checked={acknowledged.includes(acknowledge)}
                onChange={(event) => onAcknowledge(acknowledge, event.currentTarget.checked)}
              />
              go on all the same
            </label>
          )}
        </div>
      ))}
      {warnings.map((warning) => (
        <div class="notice warn" key={warning}>
          {warning}
        </div>
      ))}
      {remaining.length > 0 && (
        <Table label="Would stay" titles={["Would stay", "Why"]}>
          {remaining.map(({ id, name, reason }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{reason}</td>
            </tr>
          ))}
        </Table>
      )}
      {moving.length > 0 && (
        <Table label="Would move" titles={["Data source", "Name afterwards", "Status"]}>
          {moving.map(({ id, name, newName, isEnabled }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{newName}</td>
              <td>{isEnabled ? "active" : "inactive"}</td>
            </tr>
          ))}
        </Table>
      )}
      {(counts.moving > moving.length || counts.remaining > remaining.length) && (
        <Empty>
          {number(moving.length + remaining.length)} of {number(counts.moving + counts.remaining)} are listed; the counts are complete.
        </Empty>
      )}
    </section>
  );
}
