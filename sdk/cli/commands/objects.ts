import type { Command } from "commander";
import { parseObjectPath } from "../../model/object-path";
import { storeFile, storeOf, withApi } from "../context";
import { nothingRegistered, printObjects, type ObjectsOptions } from "../objects";
import { print } from "../print";

export function addObjects(program: Command): void {
  program
    .command("objects")
    .description("list an object and its children; without a path, the connections")
    .argument("[objectPath]", "elements percent-encoded and joined by /")
    .option("--recursive", "everything beneath", false)
    .option("--json", "one object a line, as JSON", false)
    .action(async (objectPath: string | undefined, options: ObjectsOptions) => {
      const printed = await withApi(storeOf(program), (api) => printObjects(api, objectPath, options, print));
      if (printed === 0) console.error(nothingRegistered(storeFile(storeOf(program))));
    });
}

export function addDataSources(program: Command): void {
  program
    .command("data-sources")
    .description("list the active tables at and beneath an object; without a path, all")
    .argument("[objectPath]")
    .option("--json", "one data source a line, as JSON", false)
    .action(async (text: string | undefined, { json }: { json: boolean }) => {
      const objectPath = text === undefined ? [] : parseObjectPath(text);
      await withApi(storeOf(program), async (api) => {
        for (let after: string | null | undefined; after !== null;) {
          const { hits, next } = await api.listDataSources(objectPath, { size: 1_000, ...(after && { after }) });
          for (const source of hits) print(json ? JSON.stringify(source) : source.name);
          after = next;
        }
      });
    });
}
