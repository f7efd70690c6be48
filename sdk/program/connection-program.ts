import type { ObjectOverrides } from "../model/connections-api";
import { formatObjectPath } from "../model/object-path";
import type { ConnectionDetails, NativeIntegration } from "../model/registration";
import { overrideSet } from "./override-set";
import { ownerSets } from "./owner-sets";
import { Call, importOf, objectText, quoted } from "./source-text";

/** What a program that declares one live connection needs. */
export interface LiveConnection {
  readonly details: ConnectionDetails;
  /** Undefined where it is derived from the connection. */
  readonly nativeIntegration: NativeIntegration | undefined;
  /** At and beneath the connection. */
  readonly overrides: readonly ObjectOverrides[];
}

export interface ConnectionProgram {
  /** Texts by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of the configuration that the secrets are taken from. */
  readonly secrets: readonly string[];
}

/** The files of a Pulumi project whose first `up` adopts the connection with its overrides and changes none of them. */
export function connectionProgram({ details, nativeIntegration, overrides }: LiveConnection, version: string): ConnectionProgram {
  const { connectionKey, connection, leftOut = [] } = details;
  const top = overrides.find(({ objectPath }) => objectPath.length === 1)?.overrides;
  const beneath = overrides.filter(({ objectPath }) => objectPath.length > 1);
  const secretNames = new Map(leftOut.map((path) => [path, secretName(connectionKey, path)]));
  const declared = { connection, nativeIntegration };
  const withNames = leftOut.reduce<unknown>(
    (value, path) => withSecret(value, path, new Call("config.requireSecret", secretNames.get(path)!)),
    declared,
  ) as typeof declared;
  const set = overrideSet(
    connectionKey,
    beneath.map(({ objectPath, overrides: own }) => ({ ...own, objectPath })),
  );
  const owners = ownerSets([{ name: connectionKey, owners: beneath.map(({ objectPath, overrides: own }) => ({ ...own, objectPath })) }]);
  const sets = [set, owners].filter((one) => one !== undefined);
  const resources = [
    "Connection",
    ...(set === undefined ? singleResources(beneath) : ["ObjectStatuses"]),
    ...(owners === undefined ? [] : ["ObjectOwners"]),
  ];
  const imports = [
    ...new Set(sets.flatMap((one) => one.imports)),
    ...(leftOut.length > 0 ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    importOf(resources.sort(), "pulumi-connections"),
  ];
  const statements = [
    imports.join("\n"),
    ...(leftOut.length > 0 ? ["const config = new pulumi.Config();"] : []),
    `new Connection(${quoted(connectionKey)}, ${objectText({ connectionKey, ...withNames, settings: top })});`,
    ...(set === undefined ? singleTexts(beneath) : []),
    ...sets.map(({ statement }) => statement),
  ];
  const name = projectName(connectionKey);
  return {
    files: {
      "Pulumi.yaml": `name: ${name}\nruntime: nodejs\ndescription: ${JSON.stringify(`The connection ${connectionKey}, as it was when it was imported.`)}\n`,
      "package.json": json({
        name,
        private: true,
        dependencies: { "@pulumi/pulumi": "^3.245.0", "pulumi-connections": `^${version}` },
        devDependencies: { "@types/node": "^20.0.0", typescript: "^5.9.0" },
      }),
      "tsconfig.json": json({ compilerOptions: { strict: true, target: "ES2022", module: "node16" }, files: ["index.ts"] }),
      "index.ts": `${statements.join("\n\n")}\n`,
      ...Object.fromEntries(sets.flatMap(({ files }) => Object.entries(files).map(([file, parts]) => [file, [...parts].join("")]))),
    },
    secrets: [...secretNames.values()],
  };
}

function singleResources(beneath: readonly ObjectOverrides[]): string[] {
  return [
    ...(beneath.some(({ overrides }) => overrides.isActive !== undefined) ? ["ObjectStatus"] : []),
    ...(beneath.some(({ overrides }) => overrides.activateNewChildren !== undefined) ? ["ActivationSetting"] : []),
  ];
}

function singleTexts(beneath: readonly ObjectOverrides[]): string[] {
  return beneath.flatMap(({ objectPath, overrides: { isActive, activateNewChildren } }) => {
    const name = quoted(formatObjectPath(objectPath));
    const args = (settings: object) => objectText({ objectPath: [...objectPath], ...settings });
    return [
      ...(isActive === undefined ? [] : [`new ObjectStatus(${name}, ${args({ isActive })});`]),
      ...(activateNewChildren === undefined ? [] : [`new ActivationSetting(${name}, ${args({ activateNewChildren })});`]),
    ];
  });
}

/** As configuration keys are written; the path says which of several secrets it is. */
function secretName(connectionKey: string, path: readonly string[]): string {
  return [connectionKey, ...path.slice(1)].join("-").replace(/[^\w-]/g, "_");
}

function withSecret(value: unknown, [name, ...rest]: readonly string[], secret: Call): unknown {
  if (name === undefined) return secret;
  const members = (value ?? {}) as Record<string, unknown>;
  return { ...members, [name]: withSecret(members[name], rest, secret) };
}

function projectName(connectionKey: string): string {
  const name = connectionKey.replace(/[^A-Za-z0-9_.-]/g, "-").toLowerCase();
  return /^[a-z]/.test(name) ? name : `connection-${name.replace(/^[^a-z0-9]+/, "")}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
