#!/usr/bin/env node
import { Command } from "commander";
import { ConnectionsError, messageOf } from "../model/errors";
import { addAudit, addLineage, addTags } from "./commands/activity";
import { addConvert } from "./commands/convert";
import { addDoctor } from "./commands/doctor";
import { addDrift } from "./commands/drift";
import { addExplain } from "./commands/explain";
import { addGroups } from "./commands/groups";
import { addImport } from "./commands/import";
import { addJobs, addSchedule } from "./commands/jobs";
import { addKeys } from "./commands/keys";
import { addDataSources, addObjects } from "./commands/objects";
import { addRegister } from "./commands/register";
import { addRotateKey } from "./commands/rotate-key";
import { addScript } from "./commands/script";
import { addServe } from "./commands/serve";
import { addSettings } from "./commands/settings";
import { addStore } from "./commands/store";
import { addSync } from "./commands/sync";
import { addUpgrade } from "./commands/upgrade";
import { addUsers } from "./commands/users";
import { ExitCode, exitCodeOf } from "./exit-codes";

const program = new Command("connections")
  .description("Registers data platforms as connections, syncs their objects and sets what is active.")
  .option(
    "--store <place>",
    "the store: a file or postgres://... (default: the server of CONNECTIONS_ENDPOINT, else CONNECTIONS_STORE, else .connections/connections.db)",
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? ExitCode.done : ExitCode.badInput))
  .showHelpAfterError("(--help shows how to call it)");

/** Each adds its commands; the order is that of `--help`. */
const commands = [
  addScript,
  addRegister,
  addObjects,
  addDataSources,
  addSync,
  addUpgrade,
  addJobs,
  addSchedule,
  addTags,
  addLineage,
  addAudit,
  addDoctor,
  addSettings,
  addDrift,
  addExplain,
  addImport,
  addServe,
  addUsers,
  addGroups,
  addKeys,
  addRotateKey,
  addStore,
  addConvert,
];
for (const add of commands) add(program);

program.parseAsync().catch((error: unknown) => {
  console.error(`connections: ${messageOf(error)}`);
  if (process.env["CONNECTIONS_DEBUG"] || !(error instanceof ConnectionsError)) console.error(error instanceof Error ? error.stack : "");
  process.exitCode = exitCodeOf(error);
});
