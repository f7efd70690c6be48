import { createHash } from "node:crypto";
import { hostText, type LegacyHost } from "../../model/legacy-data-source";
import type { LegacyHostRow } from "../../model/legacy-store";
import type { Store } from "../../model/store";
import type { Acknowledgement, UpgradeBlocker } from "../../model/upgrade";
import type { SecretBox } from "../secret-box";

/** Features of an integration that its connection would not have (contract: feature parity), by the fields that switch them on. */
const LOST_FEATURES: Readonly<Record<string, string>> = {
  impersonation: "user impersonation",
  userImpersonation: "user impersonation",
  workspaces: "project workspaces",
  projectWorkspaces: "project workspaces",
  catalogIsolation: "catalog isolation",
  workspaceCatalogBinding: "workspace-catalog binding",
};

/** What is looked at of a registration that was sent; secrets are compared by their hashes. */
interface SentRegistration {
  readonly login?: unknown;
  readonly role?: string;
  readonly workspace?: string;
  readonly naming?: unknown;
}

export interface Preflight {
  readonly blockers: readonly UpgradeBlocker[];
  readonly warnings: readonly string[];
}

/** Everything known here that an upgrade of the host would lose (contract: upgrade preconditions and effects). */
export async function preflight(
  { store, secrets }: { readonly store: Store; readonly secrets: SecretBox },
  { hostKey, host }: LegacyHostRow,
  acknowledged: readonly Acknowledgement[],
): Promise<Preflight> {
  const sources = await store.countLegacySources({ hostKey, isUpgraded: false });
  const { logins, workspaces, named } = await sentRegistrations(store, secrets, hostKey);
  const tagging = await taggingCollections(store, hostKey);
  const blockers: UpgradeBlocker[] = [
    ...(await integrationBlockers(store, secrets, hostKey, host)),
    ...(sources === 0
      ? [{ kind: "dataSources", message: `${hostText(host)} has no data sources; register a connection instead` } as const]
      : []),
    ...workspaces.map(
      (workspace) =>
        ({
          kind: "feature",
          message: `data sources are bound to project workspace "${workspace}", which connections do not have; keep this host as it is`,
        }) as const,
    ),
    ...(tagging.length > 0 && !acknowledged.includes("registrationTags") ? [tagBlocker(tagging)] : []),
  ];
  const warnings = [
    ...(sources > 0
      ? ["data sources are called connection.database.schema.table afterwards; scripts that use their names must change"]
      : []),
    ...(logins > 1 ? [`${logins} different logins are in use on ${hostText(host)}; only the connection's remains`] : []),
    ...(named ? ["schema projects and naming templates end; their settings move to the connection"] : []),
  ];
  return { blockers, warnings };
}

function tagBlocker(collections: readonly string[]): UpgradeBlocker {
  const keys = collections.slice(0, 5).map((key) => `"${key}"`);
  return {
    kind: "registrationTags",
    message:
      `data sources are registered with tags (POST /api/v2/data, connectionKey ${keys.join(", ")}). They keep their tags, but tables found ` +
      'later get none, for which connections have no substitute; to go on all the same, acknowledge "registrationTags"',
    acknowledge: "registrationTags",
  };
}

async function integrationBlockers(store: Store, secrets: SecretBox, hostKey: string, host: LegacyHost): Promise<UpgradeBlocker[]> {
  const integration = (await store.listLegacyIntegrations()).find((one) => one.hostKey === hostKey);
  if (integration?.isEnabled !== true) {
    const what = integration === undefined ? "no integration" : "a disabled integration";
    return [{ kind: "integration", message: `${hostText(host)} has ${what}; an upgrade needs an enabled one (POST /integrations)` }];
  }
  const config = JSON.parse(secrets.open(integration.secretConfig)) as Readonly<Record<string, unknown>>;
  const isSpark = /spark/i.test(integration.type) || (integration.type === "Databricks" && config["unityCatalog"] === false);
  return [
    ...(isSpark
      ? [
          {
            kind: "technology",
            message: "the Databricks Spark integration is not supported with connections; keep this host as it is",
          } as const,
        ]
      : []),
    ...Object.entries(LOST_FEATURES)
      .filter(([field]) => isOn(config[field]))
      .map(
        ([field, feature]) =>
          ({
            kind: "feature",
            message: `${feature} (${field} of the integration) is not supported with a connection; switch it off, or keep this host as it is`,
          }) as const,
      ),
  ];
}

function isOn(value: unknown): boolean {
  return value === true || (typeof value === "object" && value !== null && "enabled" in value && value.enabled === true);
}

async function sentRegistrations(store: Store, secrets: SecretBox, hostKey: string) {
  const logins = new Set<string>();
  const workspaces = new Set<string>();
  let named = false;
  for await (const batch of store.streamLegacyRegistrations(hostKey)) {
    for (const { secretPayload } of batch) {
      const { login, role, workspace, naming } = JSON.parse(secrets.open(secretPayload)) as SentRegistration;
      logins.add(
        createHash("sha256")
          .update(JSON.stringify([login, role]))
          .digest("base64"),
      );
      if (workspace) workspaces.add(workspace);
      named ||= naming !== undefined;
    }
  }
  return { logins: logins.size, workspaces: [...workspaces], named };
}

/** V2 keys whose data sources got tags by being registered. */
async function taggingCollections(store: Store, hostKey: string): Promise<string[]> {
  const keys = new Set<string>();
  for await (const batch of store.streamLegacySources(hostKey)) {
    for (const { collection, tags } of batch) {
      if (collection !== null && (tags.table.length > 0 || tags.columns.length > 0)) keys.add(collection);
    }
  }
  return [...keys];
}
