import type { LegacyOwner } from "../../model/legacy/registration";
import type { StreamedConnection, StreamedPlan } from "../plan";
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
  if (connections.some(({ owners }) => owners.length > 0)) yield* section("Data owners", ownersText(connections));
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

const OWNERS = `The program declares them as \`ObjectOwners\`, each on the narrowest object around what its registration holds: users and groups by name,
or by the number of their profile where a registration says no more; see that it is the same person's here. Names have to be known where
the connection is registered (\`connections user create\`, \`connections group create\`); \`pulumi preview\` tells which are not, and
\`pulumi up\` refuses those:`;

const UPGRADED = `An account that is upgraded in place (\`upgradeFrom\`) keeps, on each table, the owners that its data source had; what the program
declares above comes on top, so that nobody whom a registration names loses anything. On a table that the program names itself, its list
takes the place of what the data source had: whoever was made an owner there since, and stands in no registration, has to be added to it.`;

function* ownersText(connections: readonly StreamedConnection[]): Generator<string> {
  yield `${OWNERS}\n`;
  const told = new Set<string>();
  for (const { owners } of connections) {
    for (const { dataOwners } of owners) {
      for (const line of dataOwners.map(ownerText)) {
        if (!told.has(line)) yield `\n- ${line}`;
        told.add(line);
      }
    }
  }
  yield `\n\n${UPGRADED}`;
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
  const dropped = iam === undefined ? "" : ` (its identity manager, ${cell(iam)}, is dropped: here is one for all)`;
  return `${type} ${name === undefined ? `of profile ${id}` : cell(name)}${dropped}`;
}
