import { documentsOf } from "../../sdk/legacy/documents";
import { readPayload } from "../../sdk/legacy/read-document";
import { messageOf } from "../../sdk/model/errors";
import { hostKeyOf, hostOf, hostText, type LegacyHost } from "../../sdk/model/legacy-data-source";
import type { LegacyRegistration, LegacySource } from "../../sdk/model/legacy/registration";
import type { LegacyDeclaration } from "../legacy-declaration";
import { runError } from "../run-error";
import type { StandIns } from "./stand-ins";

/** A declaration with what its payload says; outputs have stand-ins. */
export interface ReadDeclaration extends LegacyDeclaration {
  /** As it was given, text parsed. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly registrations: readonly LegacyRegistration[];
  readonly host: LegacyHost;
  readonly given: Readonly<Record<string, unknown>>;
}

/** @throws pulumi.RunError naming the declaration, and line and field of what is wrong. */
export async function readDeclaration(declaration: LegacyDeclaration, standIns: StandIns): Promise<ReadDeclaration> {
  const { owner, args } = declaration;
  try {
    const { payload, source } = payloadOf(declaration);
    const plain = await standIns.concealPayload(payload);
    const registrations = readPayload(plain as object, source, args.technology);
    if (registrations === undefined) {
      throw new Error(
        "payload: is no registration; give a V1 payload (`handler`, `dataSource`) or a V2 payload (`connectionKey`, `connection`)",
      );
    }
    const given = (await standIns.concealConnection(args.connection ?? {})) as Readonly<Record<string, unknown>>;
    return { ...declaration, payload, registrations, host: hostOfAll(registrations), given };
  } catch (error) {
    const message = messageOf(error);
    throw runError(message.startsWith(owner) ? message : `${owner}: ${message}`);
  }
}

function payloadOf({ owner, args: { payload } }: LegacyDeclaration): { payload: Readonly<Record<string, unknown>>; source: LegacySource } {
  if (typeof payload !== "string") return { payload, source: { file: owner, lineOf: () => 1 } };
  const [first, ...more] = [...documentsOf(owner, payload)];
  if (first === undefined || more.length > 0 || typeof first.value !== "object" || first.value === null || Array.isArray(first.value)) {
    throw new Error("payload: is not one document; give the text of one payload");
  }
  return { payload: first.value as Readonly<Record<string, unknown>>, source: first };
}

function hostOfAll(registrations: readonly LegacyRegistration[]): LegacyHost {
  const hosts = registrations.map(({ technology, hostname, port }) => hostOf({ technology, hostname, port }));
  const [host] = hosts;
  if (host === undefined) throw new Error("payload: names no host; give the hostname of its account");
  const other = hosts.find((one) => one === undefined || hostKeyOf(one) !== hostKeyOf(host));
  if (other !== undefined) throw new Error(`payload: names ${hostText(host)} and ${hostText(other)}; make one of it for each`);
  return host;
}
