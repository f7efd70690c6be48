import { hostText } from "../model/legacy-data-source";
import type { UpgradePlan, UpgradeResult, UpgradeSource, UpgradeStatus } from "../model/upgrade";

const LISTED = 20;

/** The plan of an upgrade as people read it: what blocks it, what moves, what does not, the counts. */
export function upgradePlanLines({ host, connectionKey, blockers, counts, moving, remaining, warnings }: UpgradePlan): string[] {
  return [
    ...blockers.map(({ message }) => `blocked: ${message}`),
    ...warnings.map((warning) => `note: ${warning}`),
    ...moving.slice(0, LISTED).map(({ name, newName, isEnabled }) => `> ${name} -> ${newName}${isEnabled ? "" : " (disabled)"}`),
    ...more(counts.moving),
    ...remaining.slice(0, LISTED).map(({ id, name, reason }) => `! ${id} ${name}: ${reason}`),
    ...more(counts.remaining),
    `${host.technology} ${hostText(host)} -> ${connectionKey}: ${counts.moving} data sources would move, ${counts.remaining} would not, ` +
      `${counts.activated} more tables would become active, ${counts.inactive} would appear inactive`,
  ];
}

function more(count: number): string[] {
  return count > LISTED ? [`  ... ${count - LISTED} more`] : [];
}

export function statusLine({ host, status, counts, connectionKey, error }: UpgradeStatus): string {
  const to = connectionKey === null ? "" : ` -> ${connectionKey}`;
  const line = `${host.technology} ${hostText(host)}${to}: ${status}, ${counts.upgraded} of ${counts.dataSources} data sources upgraded`;
  return error === null ? line : `${line} (${error})`;
}

export function sourceLine({ id, name, newName, reason }: UpgradeSource): string {
  return newName === null ? `! ${id} ${name}: ${reason ?? "not tried yet"}` : `> ${id} ${name} -> ${newName}`;
}

export function resultLine(connectionKey: string, { upgraded, remaining, activated }: UpgradeResult): string {
  const containers =
    activated.length === 0 ? "" : `; monitored and now active as a whole: ${activated.map((path) => path.join(".")).join(", ")}`;
  return `${connectionKey}: ${upgraded} data sources upgraded, ${remaining} not${containers}`;
}
