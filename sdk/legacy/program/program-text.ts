import { formatObjectPath } from "../../model/object-path";
import { principalKey } from "../../model/settings";
import { referenceTo, type PlannedOverride, type PlannedOwners, type StreamedConnection, type StreamedPlan } from "../plan";
import { isSecretField, secretName } from "./secrets";
import { overrideSet } from "../../program/override-set";
import { ownerSets, type DeclaredOwners } from "../../program/owner-sets";
import { Call, constOfTexts, importOf, objectText, quoted } from "../../program/source-text";

interface Setting {
  readonly name: "isActive" | "activateNewChildren";
  readonly resource: string;
  readonly comment: string;
}

const SETTINGS: readonly Setting[] = [
  { name: "isActive", resource: "ObjectStatus", comment: "Every table at these paths or beneath them is a data source." },
  { name: "activateNewChildren", resource: "ActivationSetting", comment: "What later syncs find beneath these becomes active." },
];

/**
 * Files of a Pulumi program that declares the connections of a plan and their overrides, part by part. Holds no secret, only their
 * names.
 */
export function programFiles({ connections }: StreamedPlan): Readonly<Record<string, Iterable<string>>> {
  const overrides = { [Symbol.iterator]: () => overridesOf(connections) };
  const set = overrideSet("overrides", overrides);
  const owners = ownerSets(
    connections.map(({ connectionKey, owners: planned }) => ({
      name: connectionKey,
      owners: { [Symbol.iterator]: () => declaredOwners(planned) },
    })),
  );
  const sets = [set, owners].filter((one) => one !== undefined);
  const declared = connections.map((connection) => connectionText(connection));
  const statements = [...declared, ...(set === undefined ? singleTexts([...overrides]) : []), ...sets.map(({ statement }) => statement)];
  const usesConfig = declared.some((text) => text.includes("config.requireSecret("));
  const imports = [
    ...new Set(sets.flatMap((one) => one.imports)),
    ...(usesConfig ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    importOf(
      [
        ...(owners === undefined ? [] : ["ObjectOwners"]),
        ...(set === undefined ? resourcesOf([...overrides]) : ["Connection", "ObjectStatuses"]),
      ].sort(),
      "pulumi-connections",
    ),
  ];
  const parts = [imports.join("\n"), ...(usesConfig ? ["const config = new pulumi.Config();"] : []), ...statements];
  return { "index.ts": [`${parts.join("\n\n")}\n`], ...set?.files, ...owners?.files };
}

function* declaredOwners(planned: Iterable<PlannedOwners>): Generator<DeclaredOwners> {
  for (const { objectPath, dataOwners } of planned) {
    // Two identity managers may have had one of a name.
    const distinct = new Map(dataOwners.map(referenceTo).map((one) => [principalKey(one), one]));
    yield { objectPath, dataOwners: [...distinct.values()] };
  }
}

function* overridesOf(connections: readonly StreamedConnection[]): Generator<PlannedOverride> {
  for (const { overrides } of connections) yield* overrides;
}

function resourcesOf(overrides: readonly PlannedOverride[]): string[] {
  const used = SETTINGS.filter(({ name }) => overrides.some((one) => one[name] !== undefined));
  return ["Connection", ...used.map(({ resource }) => resource)].sort();
}

function singleTexts(overrides: readonly PlannedOverride[]): string[] {
  return SETTINGS.map((setting) => settingText(setting, overrides)).filter((text) => text !== "");
}

function connectionText({ connectionKey, connection }: StreamedConnection): string {
  const args = {
    connectionKey,
    connection: withConfig(connectionKey, connection, []),
    settings: { isActive: false, activateNewChildren: false },
  };
  return `new Connection(${quoted(connectionKey)}, ${objectText(args)});`;
}

function withConfig(connectionKey: string, value: unknown, path: readonly string[]): unknown {
  if (isSecretField(path, value)) return new Call("config.requireSecret", secretName(connectionKey, path));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withConfig(connectionKey, member, [...path, name])]));
}

function settingText({ name, resource, comment }: Setting, overrides: readonly PlannedOverride[]): string {
  const paths = overrides.filter((override) => override[name] === true).map(({ objectPath }) => formatObjectPath(objectPath));
  if (paths.length === 0) return "";
  const list = name === "isActive" ? "active" : "activating";
  return [
    `// ${comment}`,
    constOfTexts(list, paths),
    `for (const objectPath of ${list}) {`,
    `  new ${resource}(objectPath, { objectPath, ${name}: true });`,
    "}",
  ].join("\n");
}
