import type { LegacyOwner } from "../../model/legacy/registration";
import { formatObjectPath } from "../../model/object-path";
import type { ConversionPlan } from "../plan";
import { secretNames } from "./secrets";

/** What the conversion did, what changes, and what is left to do by hand, in Markdown. */
export function reportText(plan: ConversionPlan): string {
  const secrets = plan.connections.flatMap(({ connectionKey, connection }) => secretNames(connectionKey, connection));
  const owners = plan.connections.flatMap((connection) => connection.owners);
  const registrations = plan.connections.reduce((sum, connection) => sum + connection.registrations, 0);
  return [
    // Tables as wide as their widest cell help nobody.
    "<!-- prettier-ignore-start -->",
    "# From registrations to connections",
    `${registrations} registrations become ${plan.connections.length} connections; ${plan.kept.length} stay as they are.`,
    section(
      "Connections",
      table(
        ["connection", "technology", "address", "registrations", "overrides"],
        plan.connections.map(({ connectionKey, connection, overrides, registrations: count }) => [
          connectionKey,
          connection["technology"],
          connection["hostname"],
          count,
          overrides.length,
        ]),
      ),
    ),
    section(
      "To do before `pulumi up`",
      secrets.length === 0
        ? "Nothing: the connections have no secrets."
        : `Set the secrets, which were read and written nowhere; each command asks for its value:\n\n\`\`\`sh\n${secrets
            .map((name) => `pulumi config set --secret ${name}`)
            .join("\n")}\n\`\`\``,
    ),
    owners.length === 0
      ? ""
      : section(
          "To do after `pulumi up`: data owners",
          "Where the account is upgraded, its data sources keep their owners, and nothing is left to do. Where it is registered anew, settings\n" +
            "take the numbers of users and groups, which registrations do not hold: look them up (`connections user list`,\n" +
            "`connections group list`), then set them by `PUT /data/settings/<object path>` with\n" +
            '`{"settings": {"dataOwners": [{"type": "group", "id": 1}]}}`:\n\n' +
            table(
              ["object path", "data owners"],
              owners.map(({ objectPath, dataOwners }) => [formatObjectPath(objectPath), dataOwners.map(ownerText).join(", ")]),
            ),
        ),
    plan.warnings.length === 0
      ? ""
      : section(
          "What changes",
          table(
            ["place", "field", "before", "after", "why"],
            [...plan.warnings].map(({ file, line, field, oldValue, newValue, message }) => [
              `${file}:${line}`,
              field,
              oldValue,
              newValue,
              message,
            ]),
          ),
        ),
    plan.kept.length === 0
      ? ""
      : section(
          "What stays as it is",
          table(
            ["place", "registration", "why"],
            plan.kept.map(({ file, line, name, reason }) => [`${file}:${line}`, name, reason]),
          ),
        ),
    "<!-- prettier-ignore-end -->",
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
}

function cell(value: unknown): string {
  const text = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_<>[\]|]/g, "\\$&")
    .trim();
}

function ownerText({ type, name, iam, id }: LegacyOwner): string {
  return `${type} ${name ?? `of profile ${id}`}${iam === undefined ? "" : ` (${iam})`}`;
}
