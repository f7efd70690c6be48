import { readV1 } from "../model/legacy/read-v1";
import { readV2 } from "../model/legacy/read-v2";
import type { LegacyRegistration, LegacySource } from "../model/legacy/registration";
import type { FileDocument } from "./documents";
import { isTerraformState, payloadsOfState } from "./terraform-state";

/** Fields of which one alone says that a document is meant as a registration. */
const V1_FIELDS = ["handler", "dataSource"];
const V2_FIELDS = ["connectionKey", "connection"];

/**
 * The registrations of a document: a V1 or V2 payload, a list of them, or a Terraform state; undefined where it is something
 * else, as the policies beside them in an export.
 * @throws BadRequestError with file, line and field of what is wrong.
 */
export function registrationsOf({ value, ...source }: FileDocument): LegacyRegistration[] | undefined {
  if (!Array.isArray(value)) return registrationsOfOne(value, source);
  const parts = value.map((one, index) => registrationsOfOne(one, within(source, index)));
  return parts.some((part) => part !== undefined) ? parts.flatMap((part) => part ?? []) : undefined;
}

function registrationsOfOne(value: unknown, source: LegacySource): LegacyRegistration[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isTerraformState(value)) return payloadsOfState(value, source).map((payload) => readV2(payload.value, payload));
  return readPayload(value, source);
}

/**
 * The registrations of one V1 or V2 payload; undefined where it is neither.
 * @param technology that of the route of a V1 payload that does not say it itself
 * @throws BadRequestError with file, line and field of what is wrong.
 */
export function readPayload(value: object, source: LegacySource, technology?: string): LegacyRegistration[] | undefined {
  const has = (names: readonly string[]) => names.some((name) => name in value);
  if (has(V1_FIELDS)) return readV1(value, source, technology);
  return has(V2_FIELDS) ? [readV2(value, source)] : undefined;
}

function within(source: LegacySource, index: number): LegacySource {
  return { file: source.file, lineOf: (field) => source.lineOf([index, ...field]) };
}
