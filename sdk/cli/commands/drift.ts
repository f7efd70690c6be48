import { Option, type Command } from "commander";
import { driftLines, driftMarkdown, driftSarif } from "../../drift/format";
import { driftOf } from "../../drift/drift-of";
import type { DriftReport } from "../../model/drift-report";
import { wholeNumber } from "../arguments";
import { storeOf, withApi } from "../context";
import { readState } from "../read-state";
import { ExitCode } from "../exit-codes";
import { print } from "../print";
import { packageVersion } from "../version";

interface DriftFlags {
  readonly state?: string;
  readonly file?: string;
  readonly limit: number;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly sarif: boolean;
  readonly exitCode: boolean;
}

export function addDrift(program: Command): void {
  program
    .command("drift")
    .description("compare what is recorded with what is: settings by object, with who changed them, and the platform; writes nothing")
    .argument("[connectionKeys...]", "default: those of --state or --file, else all")
    .addOption(new Option("--state <file>", "what `pulumi stack export` prints, - for standard input: what the last up recorded"))
    .addOption(new Option("--file <file>", "a governance file: what its rules come to").conflicts("state"))
    .option("--limit <n>", "changes on the platform to list of each connection", wholeNumber, 1_000)
    .addOption(new Option("--json", "as JSON").default(false))
    .addOption(new Option("--markdown", "for a comment on a pull request").default(false).conflicts(["json", "sarif"]))
    .addOption(new Option("--sarif", "SARIF 2.1.0").default(false).conflicts(["json"]))
    .option("--exit-code", `end with ${ExitCode.drift} where anything drifted`, false)
    .action(async (keys: string[], flags: DriftFlags) => {
      const { file, limit } = flags;
      const state = flags.state === undefined ? undefined : readState(flags.state);
      const report = await withApi(storeOf(program), (api) => driftOf(api, keys, { state, file, limit }));
      for (const line of formatted(report, flags)) print(line);
      if (report.unread.length > 0) process.exitCode = ExitCode.platform;
      else if (flags.exitCode && report.total > 0) process.exitCode = ExitCode.drift;
    });
}

function formatted(report: DriftReport, { json, markdown, sarif, file }: DriftFlags): string[] {
  if (json) return [JSON.stringify(report)];
  if (markdown) return [driftMarkdown(report)];
  if (sarif) return [JSON.stringify(driftSarif(report, packageVersion(), file ?? "Pulumi.yaml"))];
  return driftLines(report);
}
