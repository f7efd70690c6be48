import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { BadRequestError, messageOf } from "../../model/errors";
import { inPieces } from "../../program/pieces";
import type { StreamedPlan } from "../plan";
import { programFiles } from "./program-text";
import { reportText } from "./report-text";

/**
 * Writes a Pulumi program with its project files and `CONVERSION.md` into a folder: the same files for the same plan, formatted,
 * without secrets.
 * @throws BadRequestError where the folder holds something already or cannot be written.
 */
export async function writeProgram(plan: StreamedPlan, folder: string): Promise<void> {
  const files = filesOf(plan, projectName(folder));
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) throw new BadRequestError(`--out: ${folder} is not empty; name a new folder`, { field: "out" });
    for (const [name, parts] of Object.entries(files)) await writeFile(join(folder, name), inPieces(parts));
  } catch (cause) {
    if (cause instanceof BadRequestError) throw cause;
    throw new BadRequestError(`--out: ${folder} cannot be written (${messageOf(cause)}); name another folder`, { field: "out", cause });
  }
}

/** The files by name, part by part. */
export function filesOf(plan: StreamedPlan, project: string): Readonly<Record<string, Iterable<string>>> {
  return {
    ...programFiles(plan),
    "Pulumi.yaml": [`name: ${project}\ndescription: Connections in place of registered data sources.\nruntime: nodejs\nmain: index.ts\n`],
    "package.json": [json(packageOf(project))],
    "tsconfig.json": [
      json({
        compilerOptions: {
          target: "ES2022",
          module: "node16",
          moduleResolution: "node16",
          strict: true,
          skipLibCheck: true,
          types: ["node"],
        },
        files: ["index.ts"],
      }),
    ],
    "CONVERSION.md": { [Symbol.iterator]: () => reportText(plan) },
  };
}

/** The dependencies are those that this package itself was made with. */
function packageOf(name: string): object {
  const own = createRequire(__filename)("pulumi-connections/package.json") as {
    version: string;
    devDependencies: Readonly<Record<string, string>>;
  };
  const dev = (dependency: string) => own.devDependencies[dependency]!;
  return {
    name,
    private: true,
    dependencies: { "@pulumi/pulumi": dev("@pulumi/pulumi"), "pulumi-connections": own.version },
    devDependencies: { "@types/node": dev("@types/node"), typescript: dev("typescript") },
  };
}

/** A name that Pulumi and npm take. */
function projectName(folder: string): string {
  return (
    basename(resolve(folder))
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, "-")
      .replace(/^-+|-+$/g, "") || "connections"
  );
}

/** As prettier writes JSON: objects open up, short lists of texts stay on their line. */
function json(value: object): string {
  return `${JSON.stringify(value, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, "[$1]")}\n`;
}
