import type { Right } from "../../sdk/model/browsing";
import type { UpgradeStatus, UpgradeStatusName } from "../../sdk/model/upgrade";
import { Refused, mayDo } from "../actions/rights";
import { Link } from "../parts/link";
import { Answered, Empty } from "../parts/notice";
import { Table } from "../parts/table";
import { useRights, useUpgrades } from "../queries";
import { browseAddress, queryText } from "../routing";
import { number } from "../words";
import { Moved } from "./moved";
import { Planning } from "./planning";

const WORDS: Readonly<Record<UpgradeStatusName, string>> = {
  ready: "not begun",
  inProgress: "in progress",
  interrupted: "interrupted",
  partiallyComplete: "partially complete",
  complete: "complete",
};

/** Accounts whose tables were registered one by one, and their way to a connection. */
export function Upgrades({ parameters }: { readonly parameters: URLSearchParams }) {
  const rights = useRights([]);
  return (
    <section class="upgrades" aria-label="Upgrades">
      <h1>Upgrades</h1>
      <Answered of={rights} what="what you may do">
        {({ hits }) =>
          mayDo(hits, "readUpgrades") ? (
            <Accounts rights={hits} chosen={parameters.get("account")} />
          ) : (
            <Refused rights={hits} operation="readUpgrades" id="upgrades-refused" />
          )
        }
      </Answered>
    </section>
  );
}

function Accounts({ rights, chosen }: { readonly rights: readonly Right[]; readonly chosen: string | null }) {
  return (
    <Answered of={useUpgrades(true)} what="the accounts">
      {({ hits }) => {
        if (hits.length === 0) return <Empty>No account has data sources that were registered one by one.</Empty>;
        const shown = hits.find((status) => accountText(status) === chosen) ?? hits[0]!;
        return (
          <>
            <Table label="Accounts" titles={["Account", "Technology", "Data sources", "Moved", "Left", "Upgrade", "Connection"]}>
              {hits.map((status) => (
                <Account key={accountText(status)} status={status} isShown={status === shown} />
              ))}
            </Table>
            <section key={accountText(shown)} aria-label={`Upgrade of ${accountText(shown)}`}>
              <h2>{shown.host.hostname}</h2>
              {shown.connectionKey === null ? (
                <Planning host={shown.host} rights={rights} />
              ) : (
                <Moved status={shown} connectionKey={shown.connectionKey} />
              )}
            </section>
          </>
        );
      }}
    </Answered>
  );
}

function Account({ status: upgrade, isShown }: { readonly status: UpgradeStatus; readonly isShown: boolean }) {
  const { host, status, counts, connectionKey } = upgrade;
  return (
    <tr class={isShown ? "chosen" : ""}>
      <th scope="row">
        <Link to={`/upgrades${queryText({ account: accountText(upgrade) })}`} aria-current={isShown ? "true" : undefined}>
          {host.hostname}
        </Link>
        <span class="quiet">:{host.port}</span>
      </th>
      <td>{host.technology}</td>
      <td class="number">{number(counts.dataSources)}</td>
      <td class="number">{number(counts.upgraded)}</td>
      <td class="number">{number(counts.remaining)}</td>
      <td>
        <span class={`chip upgrade-${status}`}>{WORDS[status]}</span>
      </td>
      <td>{connectionKey !== null && <Link to={browseAddress([connectionKey])}>{connectionKey}</Link>}</td>
    </tr>
  );
}

function accountText({ host: { technology, hostname, port } }: UpgradeStatus): string {
  return `${technology} ${hostname}:${port}`;
}
