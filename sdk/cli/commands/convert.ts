import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { withConversion } from "../../legacy/convert";
import { readAnswers, type Answers } from "../../legacy/decisions";
import type { StreamedPlan } from "../../legacy/plan";
import { writeProgram } from "../../legacy/program/write-program";
import { BadRequestError, ConflictError, messageOf } from "../../model/errors";
import { formatObjectPath } from "../../model/object-path";
import { jsonText } from "../../program/json-text";
import { printParts } from "../print";

interface ConvertOptions {
  readonly plan?: true;
  readonly json?: true;
  readonly out?: string;
  readonly decisions?: string;
}

export function addConvert(program: Command): void {
  program
    .command("convert")
    .description("turn registrations of the old ways (V1, V2, the vendor's Terraform state) into connections")
    .argument("<files...>", "files of registrations, or folders with them")
    .option("--plan", "print what they become and change nothing (without --out: the default)")
    .option("--json", "print the plan as JSON")
    .option("--out <folder>", "write a Pulumi program that declares it, and a report; the folder has to be empty or new")
    .option("--decisions <file>", "a YAML file with answers to the plan's decisions")
    .action(async (files: string[], options: ConvertOptions) => {
      const answers = await answersOf(options.decisions);
      await withConversion(files, answers, async (plan) => {
        await printParts(options.json ? jsonLines(plan) : linesOf(plan));
        if (options.out === undefined || options.plan) return;
        refuseOpenDecisions(plan);
        await writeProgram(plan, options.out);
        console.error(`wrote ${options.out}: read CONVERSION.md there first`);
      });
    });
}

async function answersOf(file: string | undefined): Promise<Answers | undefined> {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new BadRequestError(`--decisions: ${file} cannot be read (${messageOf(cause)}); name a YAML file`, { cause });
  }
  return readAnswers(file, text);
}

function refuseOpenDecisions({ decisions }: StreamedPlan): void {
  if (decisions.length === 0) return;
  const ids = decisions.map(({ id }) => `  ${JSON.stringify(id)}: `).join("\n");
  throw new ConflictError(
    `convert: ${decisions.length} decisions are open, and nothing was written. Answer them in a YAML file and name it by --decisions:\n${ids}`,
  );
}

function* jsonLines(plan: StreamedPlan): Generator<string> {
  yield* jsonText(plan);
  yield "\n";
}

function* linesOf(plan: StreamedPlan): Generator<string> {
  for (const { connectionKey, connection, overrides, owners, registrations } of plan.connections) {
    yield `connection ${connectionKey}  ${String(connection["technology"])}  in place of ${registrations} registrations\n`;
    for (const { objectPath, isActive, activateNewChildren } of overrides) {
      const settings = Object.entries({ isActive, activateNewChildren }).filter(([, value]) => value !== undefined);
      yield `  ${formatObjectPath(objectPath)}  ${settings.map(([name, value]) => `${name}=${value}`).join(" ")}\n`;
    }
    for (const { objectPath, dataOwners } of owners) {
      yield `  ${formatObjectPath(objectPath)}  owners: ${dataOwners.map(({ type, name, id }) => `${type} ${name ?? id}`).join(", ")}\n`;
    }
  }
  for (const { file, line, name, reason } of plan.kept) yield `kept: ${file}:${line}: ${name}: ${reason}\n`;
  for (const { file, line, field, oldValue, newValue, message } of plan.warnings) {
    const values = [oldValue, newValue].filter((value) => value !== undefined).map((value) => JSON.stringify(value));
    yield `warning: ${file}:${line}: ${field}: ${values.length === 0 ? "" : `${values.join(" -> ")}: `}${message}\n`;
  }
  for (const { id, question, options } of plan.decisions) {
    yield `decision ${JSON.stringify(id)}: ${question}${options.length === 0 ? "" : ` (${options.join(" | ")})`}\n`;
  }
}
