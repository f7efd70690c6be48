import type { z } from "zod";
import type { UpgradeRequest } from "../../model/upgrade";
import { rerunBody, upgradeBody, upgradePlanQuery, upgradeSourceQuery } from "../../model/wire/requests";
import { crawlStarted, registered, upgradeList, upgradePlan, upgradeSources, upgradeStatus } from "../../model/wire/responses";
import { route } from "../route";

const body = upgradeBody as unknown as z.ZodType<UpgradeRequest>;

/** Upgrades of accounts with data sources of the time before connections (contract: upgrading); the routes are ours. */
export const upgradeRoutes = [
  route({
    method: "GET",
    path: "/upgrade",
    summary: "List the accounts that can be, are being, or were upgraded to a connection",
    tag: "upgrade",
    response: upgradeList,
    handle: async ({ api }) => ({ hits: await api.listUpgrades() }),
  }),
  route({
    method: "POST",
    path: "/upgrade/plan",
    summary: "What an upgrade would do now, and what stands in its way",
    tag: "upgrade",
    body,
    query: upgradePlanQuery,
    response: upgradePlan,
    handle: ({ api, body: request, query: { limit }, signal }) =>
      api.planUpgrade(request, { ...(limit !== undefined && { limit }), signal }),
  }),
  route({
    method: "POST",
    path: "/upgrade",
    summary: "Register the connection and start to move the account's data sources to it",
    tag: "upgrade",
    body,
    response: registered,
    handle: ({ api, body: request }) => api.startUpgrade(request),
  }),
  route({
    method: "POST",
    path: "/upgrade/rerun/{connectionKey}",
    summary: "Try again what was not upgraded; give up on the data sources to discard",
    tag: "upgrade",
    body: rerunBody.optional(),
    response: crawlStarted,
    handle: ({ api, objectPath, body: { discard } = {} }) => api.rerunUpgrade(objectPath[0]!, discard === undefined ? {} : { discard }),
  }),
  route({
    method: "GET",
    path: "/upgrade/sources/{connectionKey}",
    summary: "List the data sources of an upgrade: their former and new names, or why they were not upgraded",
    tag: "upgrade",
    query: upgradeSourceQuery,
    response: upgradeSources,
    handle: ({ api, objectPath, query }) => api.listUpgradeSources(objectPath[0]!, query),
  }),
  route({
    method: "GET",
    path: "/upgrade/{connectionKey}",
    summary: "How far the upgrade to a connection is",
    tag: "upgrade",
    response: upgradeStatus,
    handle: ({ api, objectPath }) => api.getUpgrade(objectPath[0]!),
  }),
];
