import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Command } from "commander";
import type { ConnectionsApi } from "../../model/connections-api";
import { ConflictError } from "../../model/errors";
import { findPlatform } from "../../model/technology";
import { platforms } from "../../platforms";
import { connectionProgram, type LiveConnection } from "../../program/connection-program";
import { storeOf, withApi } from "../context";
import { print } from "../print";
import { packageVersion } from "../version";

export function addImport(program: Command): void {
  program
    .command("import")
    .description("write a Pulumi program that declares a live connection with all its overrides")
    .argument("<connectionKey>")
    .requiredOption("--out <folder>", "where to write it; made when it is not there")
    .action(async (connectionKey: string, { out }: { out: string }) => {
      const live = await withApi(storeOf(program), (api) => readLive(api, connectionKey));
      const { files, secrets } = connectionProgram(live, packageVersion());
      write(out, files);
      print(`wrote ${Object.keys(files).join(", ")} to ${out}`);
      for (const name of secrets) print(`set its secret: pulumi config set --secret ${name}`);
      if (live.details.leftOut === undefined) {
        console.error("the server does not tell which secrets the connection has; add them to index.ts, as config.requireSecret(...)");
      }
    });
}

async function readLive(api: ConnectionsApi, connectionKey: string): Promise<LiveConnection> {
  const details = await api.getConnection(connectionKey);
  const { connection, nativeIntegration } = details;
  const derived = findPlatform(platforms, connection.technology).deriveNativeIntegration(connection);
  return {
    details,
    nativeIntegration: isDeepStrictEqual(derived, nativeIntegration) ? undefined : nativeIntegration,
    overrides: await api.listOverrides([connectionKey]),
  };
}

/** @throws ConflictError naming a file that is there already; nothing is written then. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  const taken = Object.keys(files).find((name) => existsSync(join(folder, name)));
  if (taken !== undefined) {
    throw new ConflictError(`--out: ${join(folder, taken)} is there already; name another folder, or remove it`, { field: "out" });
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
