#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { rotateSecretKey } from "../engine/open-local";
import { BadRequestError, ConnectionsError, messageOf } from "../model/errors";
import { JOB_STATES } from "../model/job";
import { parseObjectPath } from "../model/object-path";
import type { Registration } from "../model/registration";
import type { SettingsPatch } from "../model/settings";
import { eachEdge, eachQuery, eachTag, edgeLine, queryLine, tagLine, type AuditOptions, type LineageOptions } from "./activity";
import { storeFile, withApi } from "./context";
import { ExitCode, exitCodeOf } from "./exit-codes";
import { follow, refuseHeld } from "./follow";
import { nothingRegistered, printObjects, type ObjectsOptions } from "./objects";
import { jobLine, printJobs, type JobsOptions } from "./jobs";
import { planLines } from "./print-plan";
import { keepSchedule } from "./schedule";

interface JobFlags extends JobsOptions {
  readonly json: boolean;
}

interface SyncFlags {
  readonly dryRun: boolean;
  readonly allowMassRemoval: boolean;
  readonly skipInactive: boolean;
  readonly json: boolean;
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

const program = new Command("connections")
  .description("Registers data platforms as connections, syncs their objects and sets what is active.")
  .option("--store <file>", "the store (default: CONNECTIONS_STORE, else .connections/connections.db)")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? ExitCode.done : ExitCode.badInput))
  .showHelpAfterError("(--help shows how to call it)");

const store = () => program.opts<{ store?: string }>().store;

program
  .command("register")
  .description("register a connection and run its first object sync")
  .addOption(new Option("--json <payload>", "the registration, as JSON").conflicts("file"))
  .addOption(new Option("--file <path>", "a file with the registration, as JSON"))
  .action(async (options: { json?: string; file?: string }) => {
    const registration = readPayload(options);
    await withApi(store(), async (api) => {
      const { connectionKey, bulkId } = await api.registerConnection(registration);
      const plan = await follow(api, bulkId);
      print(`registered ${connectionKey}`);
      print(planLines({ ...plan, changes: [] }, false).at(-1)!);
    });
  });

program
  .command("objects")
  .description("list an object and its children; without a path, the connections")
  .argument("[objectPath]", "elements percent-encoded and joined by /")
  .option("--recursive", "everything beneath", false)
  .option("--json", "one object a line, as JSON", false)
  .action(async (objectPath: string | undefined, options: ObjectsOptions) => {
    const printed = await withApi(store(), (api) => printObjects(api, objectPath, options, print));
    if (printed === 0) console.error(nothingRegistered(storeFile(store())));
  });

program
  .command("data-sources")
  .description("list the active tables at and beneath an object; without a path, all")
  .argument("[objectPath]")
  .option("--json", "one data source a line, as JSON", false)
  .action(async (text: string | undefined, { json }: { json: boolean }) => {
    const objectPath = text === undefined ? [] : parseObjectPath(text);
    await withApi(store(), async (api) => {
      for (let after: string | null | undefined; after !== null;) {
        const { hits, next } = await api.listDataSources(objectPath, { size: 1_000, ...(after && { after }) });
        for (const source of hits) print(json ? JSON.stringify(source) : source.name);
        after = next;
      }
    });
  });

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
    await withApi(store(), async (api) => {
      const plan = dryRun ? await api.planSync(objectPath, options) : await follow(api, (await api.crawl(objectPath, options)).bulkId);
      if (json) print(JSON.stringify(plan));
      else planLines(plan, dryRun).forEach(print);
      for (const { message } of plan.failed) console.error(`not read: ${message}`);
      refuseHeld(plan);
      if (plan.failed.length > 0) process.exitCode = ExitCode.platform;
    });
  });

program
  .command("jobs")
  .description("the history of object syncs, newest first")
  .argument("[objectPath]", "only those at and beneath an object")
  .option("--state <state>", `only those in one state: ${JOB_STATES.join(", ")}`)
  .option("--since <date>", "only those made at or after a date or time (ISO-8601)")
  .option("--limit <n>", "how many to list", wholeNumber, 25)
  .option("--json", "one job a line, as JSON", false)
  .action(async (text: string | undefined, { json, ...filter }: JobFlags) => {
    await withApi(store(), (api) => printJobs(api, text, filter, (job) => print(json ? JSON.stringify(job) : jobLine(job))));
  });

program
  .command("tags")
  .description("the platform's tags at and beneath an object")
  .argument("<objectPath>")
  .option("--json", "one tag a line, as JSON", false)
  .action(async (text: string, { json }: { json: boolean }) => {
    await withApi(store(), (api) => eachTag(api, text, (tag) => print(json ? JSON.stringify(tag) : tagLine(tag))));
  });

program
  .command("lineage")
  .description("what flows into and out of an object and everything beneath it")
  .argument("<objectPath>")
  .option("--upstream", "only what flows into it", false)
  .option("--downstream", "only what flows out of it", false)
  .option("--json", "one edge a line, as JSON", false)
  .action(async (text: string, { json, ...options }: LineageOptions & { json: boolean }) => {
    await withApi(store(), (api) => eachEdge(api, text, options, (edge) => print(json ? JSON.stringify(edge) : edgeLine(edge))));
  });

program
  .command("audit")
  .description("who ran which statements on an object and everything beneath it, newest first")
  .argument("<objectPath>")
  .option("--since <date>", "only those that started at or after a date or time (ISO-8601)")
  .option("--until <date>", "only those that started at or before a date or time (ISO-8601)")
  .option("--limit <n>", "how many to list", wholeNumber, 25)
  .option("--json", "one statement a line, as JSON", false)
  .action(async (text: string, { json, ...options }: AuditOptions & { json: boolean }) => {
    await withApi(store(), (api) => eachQuery(api, text, options, (query) => print(json ? JSON.stringify(query) : queryLine(query))));
  });

program
  .command("schedule")
  .description("keep the schedule: sync every connection every 24 hours, until stopped")
  .option("--once", "only run the syncs that are due now", false)
  .action(({ once }: { once: boolean }) => keepSchedule(storeFile(store()), once, print));

program
  .command("settings")
  .description("show the settings of an object, or set them on the object itself")
  .argument("<objectPath>")
  .option("--active <true|false|inherit>", "whether the object is active", flag)
  .option("--activate-new <true|false|inherit>", "whether objects found beneath it later start active", flag)
  .action(async (text: string, options: { active?: boolean | "inherit"; activateNew?: boolean | "inherit" }) => {
    const objectPath = parseObjectPath(text);
    const patch: SettingsPatch = {
      ...(options.active !== undefined && { isActive: orNull(options.active) }),
      ...(options.activateNew !== undefined && { activateNewChildren: orNull(options.activateNew) }),
    };
    await withApi(store(), async (api) => {
      const object = Object.keys(patch).length === 0 ? await api.getObject(objectPath) : await api.updateSettings(objectPath, patch);
      print(
        JSON.stringify(
          { objectPath: object.objectPath, state: object.state, settings: object.settings, overrides: object.overrides },
          null,
          2,
        ),
      );
    });
  });

program
  .command("rotate-key")
  .description("encrypt the store's secrets under a new key")
  .action(async () => {
    const rewritten = await rotateSecretKey(storeFile(store()));
    print(`encrypted the secrets of ${rewritten} connection${rewritten === 1 ? "" : "s"} under a new key`);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(`connections: ${messageOf(error)}`);
  if (process.env["CONNECTIONS_DEBUG"] || !(error instanceof ConnectionsError)) console.error(error instanceof Error ? error.stack : "");
  process.exitCode = exitCodeOf(error);
});

/** commander turns a null into an empty text, so `inherit` stays a word until the patch is made. */
function flag(text: string): boolean | "inherit" {
  if (text === "true" || text === "false") return text === "true";
  if (text === "inherit") return text;
  throw new InvalidArgumentError("expected true, false or inherit.");
}

function wholeNumber(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 up.");
}

function orNull(value: boolean | "inherit"): boolean | null {
  return value === "inherit" ? null : value;
}

function readPayload({ json, file }: { json?: string; file?: string }): Registration {
  if (json === undefined && file === undefined) throw new BadRequestError("register: give the registration by --json or --file");
  const origin = json === undefined ? file! : "--json";
  let text = json;
  try {
    text ??= readFileSync(file!, "utf8");
  } catch (cause) {
    throw new BadRequestError(`--file: ${file} cannot be read (${messageOf(cause)}); name a JSON file`, { cause });
  }
  try {
    return JSON.parse(text) as Registration;
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    throw new BadRequestError(`${origin}: is not valid JSON; correct it`);
  }
}
