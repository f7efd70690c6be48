import type { Command } from "commander";
import { eachEdge, eachQuery, eachTag, edgeLine, queryLine, tagLine, type AuditOptions, type LineageOptions } from "../activity";
import { wholeNumber } from "../arguments";
import { storeOf, withApi } from "../context";
import { print } from "../print";

interface Json {
  readonly json: boolean;
}

export function addTags(program: Command): void {
  program
    .command("tags")
    .description("the platform's tags at and beneath an object")
    .argument("<objectPath>")
    .option("--json", "one tag a line, as JSON", false)
    .action((text: string, { json }: Json) =>
      withApi(storeOf(program), (api) => eachTag(api, text, (tag) => print(json ? JSON.stringify(tag) : tagLine(tag)))),
    );
}

export function addLineage(program: Command): void {
  program
    .command("lineage")
    .description("what flows into and out of an object and everything beneath it")
    .argument("<objectPath>")
    .option("--upstream", "only what flows into it", false)
    .option("--downstream", "only what flows out of it", false)
    .option("--json", "one edge a line, as JSON", false)
    .action((text: string, { json, ...options }: LineageOptions & Json) =>
      withApi(storeOf(program), (api) => eachEdge(api, text, options, (edge) => print(json ? JSON.stringify(edge) : edgeLine(edge)))),
    );
}

export function addAudit(program: Command): void {
  program
    .command("audit")
    .description("who ran which statements on an object and everything beneath it, newest first")
    .argument("<objectPath>")
    .option("--since <date>", "only those that started at or after a date or time (ISO-8601)")
    .option("--until <date>", "only those that started at or before a date or time (ISO-8601)")
    .option("--limit <n>", "how many to list", wholeNumber, 25)
    .option("--json", "one statement a line, as JSON", false)
    .action((text: string, { json, ...options }: AuditOptions & Json) =>
      withApi(storeOf(program), (api) => eachQuery(api, text, options, (query) => print(json ? JSON.stringify(query) : queryLine(query)))),
    );
}
