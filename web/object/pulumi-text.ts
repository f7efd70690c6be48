import type { DataObject } from "../../sdk/model/data-object";
import type { ConnectionDetails } from "../../sdk/model/registration";
import { nameOf } from "../object-path";

/** The lines of a Pulumi program that declare what is set on an object itself. */
export function pulumiText({ objectPath, overrides }: DataObject, connection: ConnectionDetails | undefined): string {
  if (objectPath.length === 1) return connectionText(nameOf(objectPath), overrides, connection);
  const lines: string[] = [];
  const name = objectPath.slice(1).join("-");
  const kinds: string[] = [];
  const declare = (kind: string, setting: string, value: boolean) => {
    kinds.push(kind);
    lines.push(`new ${kind}(${JSON.stringify(name)}, { objectPath: ${array(objectPath)}, ${setting}: ${value} });`);
  };
  if (overrides.activateNewChildren !== undefined) declare("ActivationSetting", "activateNewChildren", overrides.activateNewChildren);
  if (overrides.isActive !== undefined) declare("ObjectStatus", "isActive", overrides.isActive);
  if (overrides.dataOwners !== undefined || overrides.infrastructureAdmins !== undefined) {
    lines.push("// Owners and admins set on this object are declared by no resource; those of a connection are in its settings.");
  }
  if (kinds.length === 0) return ["// Nothing is set here: the object inherits, and needs no resource.", ...lines].join("\n");
  return [importOf(kinds), "", ...lines].join("\n");
}

function connectionText(key: string, settings: DataObject["overrides"], connection: ConnectionDetails | undefined): string {
  const declared = {
    connectionKey: key,
    connection: connection?.connection ?? {},
    settings,
  };
  return [
    importOf(["Connection"]),
    "",
    "// Secrets are never shown: add them to `connection`, out of the stack's configuration.",
    `new Connection(${JSON.stringify(key)}, ${literal(declared)});`,
  ].join("\n");
}

function importOf(kinds: readonly string[]): string {
  return `import { ${kinds.join(", ")} } from "pulumi-connections";`;
}

function array(path: readonly string[]): string {
  return `[${path.map((name) => JSON.stringify(name)).join(", ")}]`;
}

/** As a program would write it: names that need none have no quotes. */
function literal(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(/^(\s*)"([A-Za-z_]\w*)":/gm, "$1$2:");
}
