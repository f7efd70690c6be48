import type { LegacyHost } from "../../model/legacy-data-source";
import type { NewLegacyRegistration } from "../../model/legacy-store";
import type { LegacyRegistration } from "../../model/legacy/registration";

/** A registration as it is stored: what was sent is encrypted, since it holds credentials. */
export type RegistrationRow = (host: LegacyHost, collection: string | null, registration: LegacyRegistration) => NewLegacyRegistration;

export function registrationRows(seal: (value: unknown) => string, now: () => string): RegistrationRow {
  return (host, collection, registration) => ({ host, collection, secretPayload: seal(registration), createdAt: now() });
}
