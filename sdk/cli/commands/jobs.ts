import type { Command } from "commander";
import { JOB_STATES } from "../../model/job";
import { wholeNumber } from "../arguments";
import { storeFile, storeOf, withApi } from "../context";
import { jobLine, printJobs, type JobsOptions } from "../jobs";
import { print } from "../print";
import { keepSchedule } from "../schedule";

interface JobFlags extends JobsOptions {
  readonly json: boolean;
}

export function addJobs(program: Command): void {
  program
    .command("jobs")
    .description("the history of object syncs, newest first")
    .argument("[objectPath]", "only those at and beneath an object")
    .option("--state <state>", `only those in one state: ${JOB_STATES.join(", ")}`)
    .option("--since <date>", "only those made at or after a date or time (ISO-8601)")
    .option("--limit <n>", "how many to list", wholeNumber, 25)
    .option("--json", "one job a line, as JSON", false)
    .action(async (text: string | undefined, { json, ...filter }: JobFlags) => {
      await withApi(storeOf(program), (api) => printJobs(api, text, filter, (job) => print(json ? JSON.stringify(job) : jobLine(job))));
    });
}

export function addSchedule(program: Command): void {
  program
    .command("schedule")
    .description("keep the schedule: sync every connection every 24 hours, until stopped")
    .option("--once", "only run the syncs that are due now", false)
    .action(({ once }: { once: boolean }) => keepSchedule(storeFile(storeOf(program)), once, print));
}
