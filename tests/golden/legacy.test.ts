import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { planConversion } from "../../sdk/legacy/convert";
import { readAnswers } from "../../sdk/legacy/decisions";
import { filesOf, writeProgram } from "../../sdk/legacy/program/write-program";
import type { ConversionPlan } from "../../sdk/legacy/plan";

// One folder a case: what is read, decisions.yaml with answers, and what comes out. GOLDEN=update writes the latter anew.

const FOLDER = "tests/golden/legacy";
const DECISIONS = "decisions.yaml";
const PLAN = "expected-plan.json";
const PROGRAM = "expected-program.txt";

const cases = readdirSync(FOLDER).filter((name) => name !== "errors");

async function planOf(name: string): Promise<ConversionPlan> {
  const folder = join(FOLDER, name);
  const decisions = join(folder, DECISIONS);
  const answers = existsSync(decisions) ? readAnswers(decisions, readFileSync(decisions, "utf8")) : undefined;
  const inputs = readdirSync(folder).filter((file) => file !== DECISIONS && !file.startsWith("expected-"));
  return planConversion(
    inputs.sort().map((file) => join(folder, file)),
    answers,
  );
}

function textsOf(plan: ConversionPlan): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filesOf(plan, "golden")).map(([file, parts]) => [file, [...parts].join("")]));
}

function expectGolden(file: string, text: string): void {
  if (process.env["GOLDEN"] === "update") writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}

describe.each(cases)("%s", (name) => {
  it("becomes the expected plan and program, without secrets", async () => {
    const plan = await planOf(name);
    const files = textsOf(plan);
    const all = JSON.stringify([plan, files]);
    expect(all).not.toMatch(/golden.secret/);
    expectGolden(join(FOLDER, name, PLAN), `${JSON.stringify(plan, null, 2)}\n`);
    if (plan.decisions.length === 0) expectGolden(join(FOLDER, name, PROGRAM), files["index.ts"]!);
  });
});

it("writes programs that are formatted and compile", async () => {
  // Beneath the repository, so that their imports are found.
  mkdirSync(".bench", { recursive: true });
  const folder = mkdtempSync(join(".bench", "programs-"));
  try {
    for (const name of cases) await writeProgram(await planOf(name), join(folder, name));
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: "ES2022",
      module: "node16",
      types: ["node"],
      // The sources, not what was built of them before.
      paths: { "pulumi-connections": [resolve("provider/index.ts")], "pulumi-connections/hooks": [resolve("provider/hooks/index.ts")] },
    };
    const closed = cases.filter((name) => existsSync(join(FOLDER, name, PROGRAM)));
    const files = closed.map((name) => join(name, "index.ts"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files }, null, 2));
    const run = (tool: string, ...args: string[]) =>
      execFileSync(process.execPath, [resolve("node_modules", tool), ...args], { cwd: folder, encoding: "utf8" });
    expect(run("prettier/bin/prettier.cjs", "--no-config", "--ignore-path", "none", "--list-different", ...cases)).toBe("");
    expect(run("typescript/bin/tsc", "-p", ".")).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each([
  ["misspelt-sources.yaml", 12, "souces: unknown field"],
  ["no-hostname.yaml", 2, "connection.hostname: is missing"],
  ["not-yaml.yaml", 2, "is not valid YAML or JSON"],
  ["no-base64.yaml", 12, "connection.userFiles.0.content: is not base64"],
  ["port.yaml", 5, "connection.port: "],
  ["source-of-nothing.yaml", 13, "sources.0: names nothing"],
  ["no-schema.yaml", 12, "sources.0.schema: is missing"],
  ["second-document.yaml", 13, "connectionKey: is empty"],
  ["v1-no-table.json", 13, "handler.metadata.table: is missing"],
])("refuses %s by file, line %i and field, without its secrets", async (file, line, message) => {
  const path = join(FOLDER, "errors", file);
  const error = await planConversion([path]).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(`${path}:${line}: ${message}`);
  expect(String(error)).not.toMatch(/golden.secret/);
});

it("lists everything that is wrong with a folder, each in its file", async () => {
  const error = await planConversion([join(FOLDER, "errors")]).catch((thrown: unknown) => thrown);
  for (const file of readdirSync(join(FOLDER, "errors"))) expect(String(error)).toContain(join(FOLDER, "errors", file));
});

it("refuses an answer that is no option, and one to a question that nobody asks", async () => {
  const path = join(FOLDER, "v2-two-roles");
  const id = "connection.role of Snowflake account acme at acme.snowflakecomputing.com:443";
  const planned = (answers: Record<string, string>) => planConversion([join(path, "in.yaml")], new Map(Object.entries(answers)));
  await expect(planned({ [id]: "NOBODY" })).rejects.toThrow('"NOBODY" is no answer to it; expected "READER" or "WRITER"');
  await expect(planned({ "conection.role": "READER" })).rejects.toThrow(`answers nothing that is asked; open: "${id}"`);
  expect((await planned({ [id]: "WRITER" })).connections[0]?.connection["role"]).toBe("WRITER");
});
