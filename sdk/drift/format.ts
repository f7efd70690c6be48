import type { DriftItem, DriftReport } from "../model/drift-report";
import { whoText } from "./words";

/** Lines of a report in Markdown; the rest is counted. */
const SHOWN = 20;

/** A line for each object, then the count. */
export function driftLines({ items, total, unread, connections }: DriftReport): string[] {
  const rest = total > items.length ? [`... and ${total - items.length} more on the platform`] : [];
  return [...items.map((item) => `${item.objectPath}: ${textOf(item)}`), ...rest, summary(total, connections), ...unread.map(notRead)];
}

/** For a comment on a pull request: short also where much has drifted. */
export function driftMarkdown({ items, total, unread, connections }: DriftReport): string {
  const rows = items.slice(0, SHOWN).map((item) => {
    const { change } = item;
    return `| ${[item.objectPath, item.what, change?.by ?? "", change?.at ?? ""].map(cell).join(" | ")} |`;
  });
  return [
    "### Drift",
    "",
    summary(total, connections),
    ...(rows.length === 0 ? [] : ["", "| object | what | by | at |", "| --- | --- | --- | --- |", ...rows]),
    ...(total > SHOWN ? ["", `The first ${SHOWN} of ${total}; \`connections drift\` lists them.`] : []),
    ...(unread.length === 0 ? [] : ["", ...unread.map((text) => `- ${cell(notRead(text))}`)]),
  ].join("\n");
}

/** SARIF 2.1.0, which code hosts show beside a change. `file` is where what is recorded is declared. */
export function driftSarif({ items, unread }: DriftReport, version: string, file: string): object {
  const rules = [
    { id: "setting", shortDescription: { text: "A setting is not as recorded" } },
    { id: "platform", shortDescription: { text: "The platform is not as registered" } },
    { id: "connection", shortDescription: { text: "A connection is not registered any more" } },
  ];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "pulumi-connections", version, rules } },
        results: items.map((item) => ({
          ruleId: item.kind,
          level: item.kind === "platform" ? "note" : "warning",
          message: { text: `${item.objectPath}: ${textOf(item)}` },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: file } },
              logicalLocations: [{ fullyQualifiedName: item.objectPath, kind: "object" }],
            },
          ],
          partialFingerprints: { "objectPath/v1": `${item.kind}:${item.objectPath}:${item.setting ?? ""}` },
        })),
        invocations: [
          {
            executionSuccessful: unread.length === 0,
            toolExecutionNotifications: unread.map((text) => ({ level: "error", message: { text: notRead(text) } })),
          },
        ],
      },
    ],
  };
}

function textOf({ what, change }: DriftItem): string {
  return what + whoText(change);
}

function summary(total: number, connections: readonly string[]): string {
  const of = `${connections.length} connection${connections.length === 1 ? "" : "s"}`;
  return total === 0 ? `no drift in ${of}` : `${total} object${total === 1 ? " has" : "s have"} drifted in ${of}`;
}

function notRead(text: string): string {
  return `not read: ${text}`;
}

/** Names come from the platform, and may hold anything. */
function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_<>[\]|]/g, "\\$&");
}
