import type { LegacySource } from "../model/legacy/registration";

const RESOURCE_TYPE = "immuta_data_source";

/** Fields whose name in the state is not that of the payload in another spelling. */
const PAYLOAD_NAMES: Readonly<Record<string, string>> = { connection_details: "connection" };
const STATE_NAMES: Readonly<Record<string, string>> = { connection: "connection_details" };

/** What the provider keeps for itself. */
const OWN_FIELDS = new Set(["id"]);

/** A V2 payload of a state, and where its fields stand. */
export interface StatePayload extends LegacySource {
  readonly value: unknown;
}

/** Whether a value is a Terraform state, as stored (`resources`) or as `terraform show -json` prints it (`values`). */
export function isTerraformState(value: unknown): boolean {
  return isObject(value) && "terraform_version" in value && ("resources" in value || "values" in value || "version" in value);
}

/**
 * The V2 payloads that the vendor's Terraform provider made of its `immuta_data_source` resources (contract: the vendor's
 * Terraform provider). It has no `sources`: each stands for everything in its schema or database.
 */
export function payloadsOfState(value: unknown, source: LegacySource): StatePayload[] {
  return instancesOf(value).map(({ attributes, field }) => ({
    file: source.file,
    value: payloadOf(attributes),
    lineOf: (path) => source.lineOf([...field, ...path.map((name) => (typeof name === "string" ? stateName(name) : name))]),
  }));
}

interface Instance {
  readonly attributes: unknown;
  readonly field: readonly PropertyKey[];
}

function instancesOf(value: unknown): Instance[] {
  const state = isObject(value) ? value : {};
  const stored = listOf(state["resources"]).flatMap((resource, index) =>
    isOurs(resource)
      ? listOf(resource["instances"]).map((instance, at) => ({
          attributes: isObject(instance) ? instance["attributes"] : undefined,
          field: ["resources", index, "instances", at, "attributes"],
        }))
      : [],
  );
  const values = state["values"];
  return isObject(values) ? [...stored, ...inModule(values["root_module"], ["values", "root_module"])] : stored;
}

function inModule(module: unknown, field: readonly PropertyKey[]): Instance[] {
  if (!isObject(module)) return [];
  const own = listOf(module["resources"]).flatMap((resource, index) =>
    isOurs(resource) ? [{ attributes: resource["values"], field: [...field, "resources", index, "values"] }] : [],
  );
  const children = listOf(module["child_modules"]).flatMap((child, index) => inModule(child, [...field, "child_modules", index]));
  return [...own, ...children];
}

function isOurs(resource: unknown): resource is Record<string, unknown> {
  return isObject(resource) && resource["type"] === RESOURCE_TYPE && resource["mode"] !== "data";
}

function payloadOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !OWN_FIELDS.has(name) && member !== null)
      .map(([name, member]) => [PAYLOAD_NAMES[name] ?? camelCase(name), inCamelCase(member)]),
  );
}

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camelCase(name), inCamelCase(member)]));
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function stateName(name: string): string {
  return STATE_NAMES[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
