import type { Command } from "commander";
import type { ConnectionsApi } from "../../model/connections-api";
import { BadRequestError, NotFoundError } from "../../model/errors";
import { formatObjectPath, parseObjectPath, type ObjectPath } from "../../model/object-path";
import { explainObject, type Explained } from "../../governance/explain";
import { readGovernanceFile, type GovernedConnection } from "../../governance/read-file";
import { readGoverned } from "../../governance/read-objects";
import { topSettings } from "../../governance/top-settings";
import type { DecisionName } from "../../governance/rules";
import { storeOf, withApi } from "../context";
import { print } from "../print";

const TITLES: Readonly<Record<DecisionName, string>> = { isActive: "active", activateNewChildren: "new objects beneath start active" };

export function addExplain(program: Command): void {
  program
    .command("explain")
    .description("say which rule of a governance file decides an object")
    .argument("<objectPath>")
    .requiredOption("--file <file>", "the governance file")
    .option("--json", "as JSON", false)
    .action(async (text: string, { file, json }: { file: string; json: boolean }) => {
      const path = parseObjectPath(text);
      const governed = readGovernanceFile(file).get(path[0]!);
      if (governed === undefined) {
        throw new BadRequestError(`${formatObjectPath(path.slice(0, 1))}: ${file} has no rules for it; name a connection of the file`);
      }
      await withApi(storeOf(program), async (api) => {
        const { explained, state } = await explain(api, path, governed);
        if (json) print(JSON.stringify({ objectPath: path, state, ...jsonOf(explained, governed) }));
        else lines(path, explained, state, governed, file).forEach(print);
      });
    });
}

async function explain(api: ConnectionsApi, path: ObjectPath, { rules, settings }: GovernedConnection) {
  const top = await topSettings(api, path[0]!, settings);
  const objects = new Map((await readGoverned(api, path[0]!, rules)).map((one) => [formatObjectPath(one.objectPath), one]));
  const explained = explainObject(path, (at) => objects.get(formatObjectPath(at)), rules, top, Date.now());
  const object = await api.getObject(path).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  return { explained, state: object?.state ?? null };
}

function lines(
  path: ObjectPath,
  explained: Readonly<Record<DecisionName, Explained>>,
  state: string | null,
  governed: GovernedConnection,
  file: string,
): string[] {
  const isTable = path.length === 4;
  const names: DecisionName[] = isTable ? ["isActive"] : ["isActive", "activateNewChildren"];
  const rule = (index: number) => `${file}:${governed.lines[index]} (${governed.rules[index]!.text})`;
  return [
    formatObjectPath(path),
    ...names.flatMap((name) => {
      const { value, by, overruled } = explained[name];
      const where = by === undefined || by.at.length === path.length ? "" : `, which holds for everything in ${formatObjectPath(by.at)}`;
      const why = by === undefined ? "no rule holds, so it is as the connection's top" : `decided by ${rule(by.rule)}${where}`;
      return [
        `  ${TITLES[name]}: ${value ? "yes" : "no"}: ${why}`,
        ...overruled.map((index) => `    before it, overruled: ${rule(index)}`),
      ];
    }),
    state === null ? "  not registered: only its path was looked at" : `  now: ${state}`,
  ];
}

function jsonOf(explained: Readonly<Record<DecisionName, Explained>>, { rules, lines: at }: GovernedConnection) {
  const rule = (index: number) => ({ line: at[index], text: rules[index]!.text });
  return Object.fromEntries(
    Object.entries(explained).map(([name, { value, by, overruled }]) => [
      name,
      { value, rule: by === undefined ? null : { ...rule(by.rule), at: by.at }, overruled: overruled.map(rule) },
    ]),
  );
}
