import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/*
 * Runs the jobs of a GitHub workflow or a GitLab pipeline here: every command is the one that the file says, in a clone of its own of
 * the repository. What is not a command of the file is stood in for: actions (checkout, artifacts), and `npm ci`, since what it installs
 * is linked.
 */

/** How a command ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A job that has run: of a matrix one for each stack. */
export interface JobRun {
  /** As `preview dev`. */
  readonly name: string;
  readonly isOk: boolean;
  /** What its commands printed. */
  readonly output: string;
}

export interface Machine {
  /** A new folder with the repository as it is at what is built. */
  checkOut(): Promise<string>;
  /** In place of `npm ci`. */
  install(folder: string): void;
  /** Runs a command as a runner does. */
  shell(script: string, folder: string, environment: NodeJS.ProcessEnv): Promise<Ended>;
  /** A new folder. */
  temporary(): string;
}

type Values = Readonly<Record<string, unknown>>;
type Variables = Readonly<Record<string, string>>;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Variables;
}

interface GithubJob {
  readonly if?: string;
  readonly needs?: string;
  readonly strategy?: { readonly matrix: { readonly stack: readonly string[] } };
  readonly environment?: string;
  readonly env?: Variables;
  readonly steps: readonly Step[];
}

export interface GithubContext {
  /** As `${{ github.event.number }}` finds it; `vars` and `github` likewise. */
  readonly github: Values;
  readonly vars: Values;
  /** By environment; a job without one has none. */
  readonly secrets: Readonly<Record<string, Values>>;
  /** What a runner sets for every step. */
  readonly environment: Variables;
}

/** @returns the jobs that ran, in order; those whose condition does not hold are left out. */
export async function runGithubWorkflow(file: string, context: GithubContext, machine: Machine): Promise<JobRun[]> {
  const workflow = parse(readFileSync(file, "utf8")) as { env?: Variables; jobs: Readonly<Record<string, GithubJob>> };
  const artifacts = machine.temporary();
  const done: JobRun[] = [];
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needed = done.filter(({ name }) => name.split(" ")[0] === job.needs);
    const isReady = job.needs === undefined || (needed.length > 0 && (needed.every(({ isOk }) => isOk) || /always\(\)/.test(job.if ?? "")));
    if (!isReady || !holds(job.if, { github: context.github })) continue;
    for (const stack of job.strategy?.matrix.stack ?? [undefined]) {
      const matrix = { stack };
      const environment = job.environment === undefined ? undefined : filled(job.environment, { matrix });
      const values = { ...context, matrix, secrets: environment === undefined ? {} : context.secrets[environment]! };
      const ran = await runSteps(job, { ...filledAll(workflow.env, values), ...filledAll(job.env, values) }, values);
      done.push({ name: [id, ...(stack === undefined ? [] : [stack])].join(" "), ...ran });
    }
  }
  return done;

  async function runSteps(job: GithubJob, environment: Variables, values: Values): Promise<Omit<JobRun, "name">> {
    let folder: string | undefined;
    let isOk = true;
    let output = "";
    for (const step of job.steps) {
      if (!isOk && !/always\(\)/.test(step.if ?? "")) continue;
      if (!holds(step.if, values)) continue;
      const settings = filledAll(step.with, values);
      switch (step.uses?.replace(/@.*/, "")) {
        case undefined: {
          const script = filled(step.run!, values);
          if (script === "npm ci") machine.install(folder!);
          else {
            const variables = { ...context.environment, ...environment, ...filledAll(step.env, values) };
            const { code, stdout, stderr } = await machine.shell(script, folder!, variables);
            output += stdout + stderr;
            isOk &&= code === 0;
          }
          break;
        }
        case "actions/checkout":
          folder = await machine.checkOut();
          break;
        // Both are here.
        case "actions/setup-node":
        case "pulumi/actions":
          break;
        case "actions/upload-artifact":
          keep(join(folder!, settings["path"]!), join(artifacts, settings["name"]!));
          break;
        case "actions/download-artifact":
          if (settings["merge-multiple"] !== "true") throw new Error("only merged artifacts are stood in for");
          bringBack(artifacts, join(folder!, settings["path"]!));
          break;
        default:
          throw new Error(`nothing stands in for ${step.uses}`);
      }
    }
    return { isOk, output };
  }
}

interface GitlabJob {
  readonly extends?: string;
  readonly needs?: readonly string[];
  readonly parallel?: { readonly matrix: readonly { readonly STACK: readonly string[] }[] };
  readonly environment?: { readonly name: string };
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly rules: readonly { readonly if: string; readonly when?: string }[];
  readonly artifacts?: { readonly when?: string; readonly paths: readonly string[] };
}

export interface GitlabContext {
  /** What GitLab and the project set for every job. */
  readonly variables: Variables;
  /** Those of an environment, by its name. */
  readonly ofEnvironment: Readonly<Record<string, Variables>>;
}

/** @returns the jobs that ran, in order; those whose rules do not hold are left out. */
export async function runGitlabPipeline(file: string, context: GitlabContext, machine: Machine): Promise<JobRun[]> {
  const { stages, default: _default, ...jobs } = parse(readFileSync(file, "utf8")) as { stages: string[]; default: unknown };
  const all = jobs as unknown as Readonly<Record<string, GitlabJob & { readonly stage?: string }>>;
  const artifacts = machine.temporary();
  const done: JobRun[] = [];
  const visible = Object.entries(all).filter(([id]) => !id.startsWith("."));
  visible.sort(([, a], [, b]) => stages.indexOf(a.stage!) - stages.indexOf(b.stage!));
  for (const [id, own] of visible) {
    const job: GitlabJob = { ...(own.extends !== undefined && all[own.extends]), ...own };
    const rule = job.rules.find(({ if: condition }) => holdsInGitlab(condition, context.variables));
    const hasFailed = done.some(({ name, isOk }) => !isOk && (job.needs ?? [name.split(" ")[0]]).includes(name.split(" ")[0]!));
    if (rule === undefined || (hasFailed && rule.when !== "always")) continue;
    for (const stack of job.parallel?.matrix.flatMap(({ STACK }) => STACK) ?? [undefined]) {
      const matrix: Variables = stack === undefined ? {} : { STACK: stack };
      const name = job.environment?.name.replace("$STACK", stack ?? "");
      const variables = { ...context.variables, ...matrix, ...(name !== undefined && context.ofEnvironment[name]) };
      done.push({ name: [id, ...(stack === undefined ? [] : [stack])].join(" "), ...(await runScript(job, variables)) });
    }
  }
  return done;

  async function runScript(job: GitlabJob, variables: Variables): Promise<Omit<JobRun, "name">> {
    const folder = await machine.checkOut();
    bringBack(artifacts, folder);
    const commands = [...(job.before_script ?? []), ...job.script];
    let isOk = true;
    let output = "";
    for (const command of commands) {
      if (command === "npm ci") machine.install(folder);
      else if (isOk) {
        const { code, stdout, stderr } = await machine.shell(command, folder, variables);
        output += stdout + stderr;
        isOk = code === 0;
      }
    }
    if (isOk || job.artifacts?.when === "always") {
      for (const path of job.artifacts?.paths ?? []) keep(join(folder, path), join(artifacts, String(variables["STACK"]), path));
    }
    return { isOk, output };
  }
}

function keep(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

/** Everything that was kept, each artifact's content put over the others'. */
function bringBack(artifacts: string, to: string): void {
  for (const name of readdirSync(artifacts)) cpSync(join(artifacts, name), to, { recursive: true });
}

function filledAll(variables: Variables = {}, values: Values): Variables {
  return Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, filled(String(text), values)]));
}

/** With the value of each `${{ name.of.value }}`. */
function filled(text: string, values: Values): string {
  return text.replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (whole, path: string) => {
    const found = valueAt(values, path) as string | number | undefined;
    if (found === undefined) throw new Error(`${whole} has no value here`);
    return String(found);
  });
}

function valueAt(values: Values, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Values | undefined)?.[name], values);
}

/** Conditions of the form `always() && github.event_name == 'push'`. */
function holds(condition: string | undefined, values: Values): boolean {
  return (condition ?? "always()").split("&&").every((part) => {
    const [, path, text] = /^\s*([\w.]+) == '([^']*)'\s*$/.exec(part) ?? [];
    if (path !== undefined) return valueAt(values, path) === text;
    if (part.trim() === "always()") return true;
    throw new Error(`the condition ${part} is not understood`);
  });
}

/** Conditions of the form `$A == "text" && $B == $C`. */
function holdsInGitlab(condition: string, variables: Variables): boolean {
  return condition.split("&&").every((part) => {
    const [, name, text, other] = /^\s*\$(\w+) == (?:"([^"]*)"|\$(\w+))\s*$/.exec(part) ?? [];
    if (name === undefined) throw new Error(`the condition ${part} is not understood`);
    return variables[name] === (other === undefined ? text : variables[other]);
  });
}
