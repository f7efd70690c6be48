import { BadRequestError } from "../../model/errors";
import type { LegacyApi, RegisteredHandler } from "../../model/legacy-api";
import { hostKeyOf, type LegacyHost } from "../../model/legacy-data-source";
import type { NewLegacySource } from "../../model/legacy-store";
import type { LegacyRegistration } from "../../model/legacy/registration";
import type { LegacyAccess } from "./access";
import { connectionStringOf } from "./connection-string";
import { hostOfRegistration, readHandlers, sourceOf } from "./read-payload";
import { monitoredOf, requireDistinct } from "./registered";
import type { RegistrationRow } from "./registration-row";

/** Registering data sources one by one (contract: V1 payloads). */
export function createHandlers(
  { requireOpenHosts, requireSource, write }: LegacyAccess,
  registrationRow: RegistrationRow,
): Pick<LegacyApi, "register" | "replaceHandler"> {
  return {
    async register(technology, payload) {
      const registrations = readHandlers(payload, technology);
      await requireOpenHosts(registrations);
      const policies = policiesOf(payload);
      const handlers: RegisteredHandler[] = [];
      // All of one payload are on one host, or the payload is refused.
      const [first] = registrations;
      const host = hostOfRegistration(first!);
      requireOneHost(registrations, host);
      const create = registrations.flatMap((one) => one.tables.map((table) => sourceOf(one, table, policies)));
      requireDistinct(create);
      const ids = await write("create", {
        ...{ registration: registrationRow(host, null, first!), create, update: [], disable: [], remove: [] },
        monitored: monitoredOf(registrations),
      });
      for (const [index, id] of ids.entries()) handlers.push(handlerAnswer(id, host, create[index]!));
      return Array.isArray((payload as { handler?: unknown }).handler) ? handlers : handlers[0]!;
    },

    async replaceHandler(technology, handlerId, payload) {
      const row = await requireSource(handlerId, "editConnection");
      const [registration, ...more] = readHandlers(payload, technology);
      const [table] = registration!.tables;
      if (more.length > 0 || table === undefined) {
        throw new BadRequestError("handler: holds several tables; a data source has one", { field: "handler" });
      }
      const host = hostOfRegistration(registration!);
      if (hostKeyOf(host) !== row.hostKey) {
        throw new BadRequestError(`handler.metadata.hostname: data source ${row.id} is on another host; register it there anew`, {
          field: "handler.metadata.hostname",
        });
      }
      const source = { ...sourceOf(registration!, table, row.policies), isEnabled: row.isEnabled };
      await write("editConnection", {
        ...{ registration: registrationRow(host, null, registration!), create: [], disable: [], remove: [] },
        update: [{ id: row.id, source }],
        monitored: monitoredOf([registration!]),
      });
      return handlerAnswer(row.id, host, source);
    },
  };
}

function handlerAnswer(id: number, host: LegacyHost, source: NewLegacySource): RegisteredHandler {
  return { id, dataSourceId: id, warnings: [], connectionString: connectionStringOf(host, source) };
}

function policiesOf(payload: unknown): unknown[] {
  const { policyRules } = payload as { policyRules?: unknown };
  if (policyRules === undefined || policyRules === null) return [];
  return Array.isArray(policyRules) ? policyRules : [policyRules];
}

function requireOneHost(registrations: readonly LegacyRegistration[], host: LegacyHost): void {
  const index = registrations.findIndex((one) => hostKeyOf(hostOfRegistration(one)) !== hostKeyOf(host));
  if (index < 0) return;
  const field = `handler.${index}.metadata.hostname`;
  throw new BadRequestError(`${field}: is another host than the first handler's; send one payload for each host`, { field });
}
