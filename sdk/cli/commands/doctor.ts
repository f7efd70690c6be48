import type { Command } from "commander";
import { formatObjectPath } from "../../model/object-path";
import { storeOf, withApi } from "../context";
import { ExitCode } from "../exit-codes";
import { showWait } from "../follow";
import { print } from "../print";

interface DoctorFlags {
  readonly json: boolean;
  readonly sql: boolean;
}

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("which grants a connection lacks on its platform for what is registered of it")
    .argument("<connectionKey>")
    .option("--sql", "only the statements that grant them, to be run by an administrator of the platform", false)
    .option("--json", "all of it as JSON", false)
    .action(async (connectionKey: string, { json, sql }: DoctorFlags) => {
      const { grantee, findings, statements, warnings } = await withApi(storeOf(program), async (api) => {
        const diagnosis = await api.diagnose(connectionKey, { onWait: showWait });
        if (json) print(JSON.stringify(diagnosis));
        return diagnosis;
      });
      if (!json) {
        for (const warning of warnings) console.error(`uncertain: ${warning}`);
        if (!sql) {
          for (const { objectPath, privilege, target, why } of findings) {
            print(`${formatObjectPath(objectPath)}: ${grantee} lacks ${privilege} on ${target}: ${why}`);
          }
        }
        if (findings.length === 0 && !sql) print(`${connectionKey}: ${grantee} lacks nothing`);
        statements.forEach(print);
      }
      if (findings.length > 0) process.exitCode = ExitCode.platform;
    });
}
