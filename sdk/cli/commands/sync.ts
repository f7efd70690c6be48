import type { Command } from "commander";
import { parseObjectPath } from "../../model/object-path";
import { storeOf, withApi } from "../context";
import { ExitCode } from "../exit-codes";
import { follow, refuseHeld, showWait } from "../follow";
import { print } from "../print";
import { planLines } from "../print-plan";

interface SyncFlags {
  readonly dryRun: boolean;
  readonly allowMassRemoval: boolean;
  readonly skipInactive: boolean;
  readonly json: boolean;
}

export function addSync(program: Command): void {
  program
    .command("sync")
    .description("compare the platform with what is registered and apply the differences")
    .argument("<objectPath>", "where to start: a connection, database, schema or table")
    .option("--dry-run", "only show what would change; writes nothing", false)
    .option("--allow-mass-removal", "apply even where most known objects vanished", false)
    .option("--skip-inactive", "leave what lies in inactive databases and schemas unseen", false)
    .option("--json", "the sync plan as JSON", false)
    .action(async (text: string, { dryRun, allowMassRemoval, skipInactive, json }: SyncFlags) => {
      const objectPath = parseObjectPath(text);
      const options = { allowMassRemoval, forceRecursiveCrawl: !skipInactive };
      await withApi(storeOf(program), async (api) => {
        const plan = dryRun
          ? await api.planSync(objectPath, { ...options, onWait: showWait })
          : await follow(api, (await api.crawl(objectPath, options)).bulkId);
        if (json) print(JSON.stringify(plan));
        else planLines(plan, dryRun).forEach(print);
        for (const { message } of plan.failed) console.error(`not read: ${message}`);
        refuseHeld(plan);
        if (plan.failed.length > 0) process.exitCode = ExitCode.platform;
      });
    });
}
