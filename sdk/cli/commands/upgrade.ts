import { InvalidArgumentError, type Command } from "commander";
import { BadRequestError, PlatformError } from "../../model/errors";
import type { ConnectionsApi } from "../../model/connections-api";
import { ACKNOWLEDGEMENTS, type Acknowledgement, type UpgradePlan, type UpgradeRequest, type UpgradeResult } from "../../model/upgrade";
import { storeOf, withApi } from "../context";
import { followUpgrade } from "../follow";
import { readPayload, takesPayload, type Payload } from "../payload";
import { print } from "../print";
import { resultLine, sourceLine, statusLine, upgradePlanLines } from "../print-upgrade";

interface RunFlags extends Payload {
  readonly acknowledge: Acknowledgement[];
  readonly yes: boolean;
}

const SOURCES_PER_PAGE = 1_000;

export function addUpgrade(program: Command): void {
  const upgrade = program.command("upgrade").description("move data sources that were registered one by one to a connection");
  addStatus(program, upgrade);
  addPlan(program, upgrade);
  addRun(program, upgrade);
  addRerun(program, upgrade);
}

function addStatus(program: Command, upgrade: Command): void {
  upgrade
    .command("status")
    .description("list the accounts to upgrade; of one upgrade, what was not upgraded and why")
    .argument("[connectionKey]")
    .option("--all", "the former and new names of all data sources", false)
    .option("--json", "one a line, as JSON", false)
    .action(async (connectionKey: string | undefined, { all, json }: { all: boolean; json: boolean }) => {
      await withApi(storeOf(program), async (api) => {
        const statuses = connectionKey === undefined ? await api.listUpgrades() : [await api.getUpgrade(connectionKey)];
        for (const status of statuses) print(json ? JSON.stringify(status) : statusLine(status));
        if (connectionKey === undefined) return;
        for (let after: string | null | undefined; after !== null;) {
          const query = { size: SOURCES_PER_PAGE, ...(!all && { state: "remaining" as const }), ...(after && { after }) };
          const { hits, next } = await api.listUpgradeSources(connectionKey, query);
          for (const source of hits) print(json ? JSON.stringify(source) : sourceLine(source));
          after = next;
        }
      });
    });
}

function addPlan(program: Command, upgrade: Command): void {
  const command = upgrade.command("plan").description("what an upgrade would do now, and what stands in its way; writes nothing");
  takesAcknowledgements(takesPayload(command))
    .option("--as-json", "the plan as JSON", false)
    .action(async ({ asJson, ...flags }: Omit<RunFlags, "yes"> & { asJson: boolean }) => {
      await withApi(storeOf(program), async (api) => {
        const plan = await api.planUpgrade(requestOf(flags));
        if (asJson) print(JSON.stringify(plan));
        else upgradePlanLines(plan).forEach(print);
        refuseBlocked(plan);
      });
    });
}

function addRun(program: Command, upgrade: Command): void {
  const command = upgrade.command("run").description("show the plan, and with --yes run the upgrade");
  takesAcknowledgements(takesPayload(command))
    .option("--yes", "run it: from then on the account's former calls are refused, and there is no way back", false)
    .action(async (flags: RunFlags) => {
      const request = requestOf(flags);
      await withApi(storeOf(program), async (api) => {
        const plan = await api.planUpgrade(request);
        upgradePlanLines(plan).forEach(print);
        refuseBlocked(plan);
        if (!flags.yes) throw new BadRequestError("upgrade run: nothing was done; look at the plan, and run it with --yes");
        await finish(api, request.connectionKey, (await api.startUpgrade(request)).bulkId);
      });
    });
}

function addRerun(program: Command, upgrade: Command): void {
  upgrade
    .command("rerun")
    .description("try again what was not upgraded")
    .argument("<connectionKey>")
    .option("--discard <ids>", "data sources to give up on, by their ids, joined by commas", idList, [])
    .action(async (connectionKey: string, { discard }: { discard: number[] }) => {
      await withApi(storeOf(program), async (api) => {
        await finish(api, connectionKey, (await api.rerunUpgrade(connectionKey, { discard })).bulkId);
      });
    });
}

function takesAcknowledgements(command: Command): Command {
  return command.option("--acknowledge <losses>", `losses to accept, joined by commas: ${ACKNOWLEDGEMENTS.join(", ")}`, losses, []);
}

function requestOf({ acknowledge, ...payload }: Pick<RunFlags, "acknowledge" | "json" | "file">): UpgradeRequest {
  const request = readPayload<UpgradeRequest>(payload, "upgrade");
  return { ...request, acknowledge: [...(request.acknowledge ?? []), ...acknowledge] };
}

/** @throws PlatformError when data sources are left, naming where to see why. */
async function finish(api: ConnectionsApi, connectionKey: string, bulkId: string): Promise<void> {
  const result: UpgradeResult = await followUpgrade(api, bulkId);
  print(resultLine(connectionKey, result));
  for (const owner of result.unknownOwners) {
    console.error(`${owner}: is not known here, so that its data sources lack this owner; add it, and set dataOwners`);
  }
  if (result.remaining === 0) return;
  throw new PlatformError(
    `${result.remaining} data sources were not upgraded; \`connections upgrade status ${connectionKey}\` says why, ` +
      `and \`connections upgrade rerun ${connectionKey}\` tries them again`,
  );
}

/** @throws BadRequestError; the plan has said what blocks it. */
function refuseBlocked({ blockers }: UpgradePlan): void {
  if (blockers.length > 0) throw new BadRequestError(`the upgrade is blocked: ${blockers.map(({ message }) => message).join("; ")}`);
}

function losses(text: string): Acknowledgement[] {
  return text.split(",").map((name) => {
    const known = ACKNOWLEDGEMENTS.find((one) => one === name);
    if (known === undefined) throw new InvalidArgumentError(`expected ${ACKNOWLEDGEMENTS.join(", ")}.`);
    return known;
  });
}

function idList(text: string): number[] {
  if (!/^\d+(,\d+)*$/.test(text)) throw new InvalidArgumentError("expected ids joined by commas.");
  return text.split(",").map(Number);
}
