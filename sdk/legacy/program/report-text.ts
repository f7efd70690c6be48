import type { LegacyOwner } from "../../model/legacy/registration";
import { formatObjectPath } from "../../model/object-path";
import type { PlannedOwners, StreamedConnection, StreamedPlan } from "../plan";
import { secretNames } from "./secrets";

type Row = readonly unknown[];

/** What the conversion did, what changes, and what is left to do by hand, in Markdown, part by part. */
export function* reportText(plan: StreamedPlan): Generator<string> {
  const { connections, warnings, kept } = plan;
  const registrations = connections.reduce((sum, connection) => sum + connection.registrations, 0);
  // Tables as wide as their widest cell help nobody.
  yield "<!-- prettier-ignore-start -->\n\n# From registrations to connections";
  yield `\n\n${registrations} registrations become ${connections.length} connections; ${kept.length} stay as they are.`;
  yield* section(
    "Connections",
    table(["connection", "technology", "address", "registrations", "overrides"], connections.map(connectionRow)),
  );
  yield* section("To do before `pulumi up`", [secretsText(connections)]);
  if (connections.some(({ owners }) => owners.length > 0)) {
    yield* section("To do after `pulumi up`: data owners", [
      "Where the account is upgraded, its data sources keep their owners, and nothing is left to do. Where it is registered anew, settings\n",
      "take the numbers of users and groups, which registrations do not hold: look them up (`connections user list`,\n",
      "`connections group list`), then set them by `PUT /data/settings/<object path>` with\n",
      '`{"settings": {"dataOwners": [{"type": "group", "id": 1}]}}`:\n\n',
    ]);
    yield* table(["object path", "data owners"], rowsOf(ownersOf(connections), ownersRow));
  }
  if (warnings.length > 0) {
    const rows = rowsOf(warnings, ({ file, line, field, oldValue, newValue, message }) => [
      `${file}:${line}`,
      field,
      oldValue,
      newValue,
      message,
    ]);
    yield* section("What changes", table(["place", "field", "before", "after", "why"], rows));
  }
  if (kept.length > 0) {
    const rows = rowsOf(kept, ({ file, line, name, reason }) => [`${file}:${line}`, name, reason]);
    yield* section("What stays as it is", table(["place", "registration", "why"], rows));
  }
  yield "\n\n<!-- prettier-ignore-end -->\n";
}

function connectionRow({ connectionKey, connection, overrides, registrations }: StreamedConnection): Row {
  return [connectionKey, connection["technology"], connection["hostname"], registrations, overrides.length];
}

function secretsText(connections: readonly StreamedConnection[]): string {
  const secrets = connections.flatMap(({ connectionKey, connection }) => secretNames(connectionKey, connection));
  if (secrets.length === 0) return "Nothing: the connections have no secrets.";
  const commands = secrets.map((name) => `pulumi config set --secret ${name}`).join("\n");
  return `Set the secrets, which were read and written nowhere; each command asks for its value:\n\n\`\`\`sh\n${commands}\n\`\`\``;
}

function* ownersOf(connections: readonly StreamedConnection[]): Generator<PlannedOwners> {
  for (const { owners } of connections) yield* owners;
}

function ownersRow({ objectPath, dataOwners }: PlannedOwners): Row {
  return [formatObjectPath(objectPath), dataOwners.map(ownerText).join(", ")];
}

function* section(title: string, body: Iterable<string>): Generator<string> {
  yield `\n\n## ${title}\n\n`;
  yield* body;
}

function* rowsOf<Value>(values: Iterable<Value>, rowOf: (value: Value) => Row): Generator<Row> {
  for (const value of values) yield rowOf(value);
}

function* table(head: readonly string[], rows: Iterable<Row>): Generator<string> {
  yield `${rowText(head)}\n${rowText(head.map(() => "---"))}`;
  for (const row of rows) yield `\n${rowText(row)}`;
}

function rowText(row: Row): string {
  return `| ${row.map(cell).join(" | ")} |`;
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
