import type { LegacyApi } from "../../model/legacy-api";
import type { Store } from "../../model/store";
import type { Connections } from "../connections";
import type { SecretBox } from "../secret-box";
import { createAccess } from "./access";
import { createCollections } from "./collections";
import { describeSource } from "./describe-source";
import { detectChanges } from "./detect-changes";
import { hostsInScope } from "./detection-scope";
import { createEditConnections } from "./edit-connections";
import { createHandlers } from "./handlers";
import { createIntegrations } from "./integrations";
import { createSourceReader } from "./list-sources";
import { registrationRows } from "./registration-row";
import { createSourceStatus } from "./source-status";

export interface LegacyParts {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly connections: Connections;
  readonly now: () => string;
}

/** Registering data sources one by one (contract: deprecated endpoints), until their host is upgraded. */
export function createLegacy(parts: LegacyParts): LegacyApi {
  const { store, secrets, connections, now } = parts;
  const seal = (value: unknown) => secrets.seal(JSON.stringify(value));
  const access = createAccess(store, connections);
  const describe = describeSource(access);
  const registrationRow = registrationRows(seal, now);

  return {
    ...createHandlers(access, registrationRow),
    ...createEditConnections({ store, secrets, access, registrationRow }),
    ...createCollections({ store, connections, access, registrationRow }),
    ...createSourceReader(store, access, describe),
    ...createSourceStatus(store, access, describe),
    ...createIntegrations(store, connections, { refuse: access.refuse, seal }),

    async detect(scope) {
      const hosts = await hostsInScope(store, access, scope);
      await access.requireOpen(
        hosts.map(({ hostKey }) => hostKey),
        "detect",
      );
      return detectChanges(parts, hosts, scope);
    },
  };
}
