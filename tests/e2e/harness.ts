import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { BIN_DIR } from "./environment";
import { nameOf, OWN_TYPES, readEvents, type Events } from "./events";

export const root = resolve(__dirname, "../..");

const PREAMBLE = `"use strict";
const pulumi = require("@pulumi/pulumi");
const { ActivationSetting, Connection, ObjectStatus } = require("pulumi-connections");
`;

const binDir = process.env[BIN_DIR];

/** A `describe` whose tests run where there is a Pulumi CLI. */
export const story: typeof describe.skip = binDir === undefined ? describe.skip : describe;

jest.setTimeout(300_000);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "connections-e2e-"));
  folders.push(folder);
  return folder;
}

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How an operation of Pulumi ended, what it said and what it did. */
export interface Run extends Ended, Events {}

export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly unknown[];
}

export interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface ExportedStack {
  readonly version: number;
  readonly deployment: Deployment;
}

export interface ProjectOptions {
  readonly name?: string;
  readonly stack?: string;
  /** Where the project lies; a new temporary folder by default. */
  readonly folder?: string;
  /** The store, given to the project by CONNECTIONS_STORE; by default it is left to the package. */
  readonly store?: string;
  /** False where the test installs packages itself. */
  readonly link?: boolean;
}

/**
 * A Pulumi project in a folder of its own, with its own state and Pulumi home. The package is linked into it as by
 * `npm link`, unless the test installs it.
 */
export class Project {
  readonly folder: string;
  readonly stack: string;
  readonly storeFile: string;
  readonly environment: NodeJS.ProcessEnv;
  #runs = 0;

  constructor({ name = "shop", stack = "dev", folder = temporaryFolder(), store, link = true }: ProjectOptions = {}) {
    this.folder = folder;
    this.stack = stack;
    this.storeFile = store ?? this.path(".connections/connections.db");
    const state = this.path(".state");
    mkdirSync(this.path(".home"), { recursive: true });
    mkdirSync(state, { recursive: true });
    const { CONNECTIONS_STORE: _store, CONNECTIONS_SECRET_KEY: _key, CONNECTIONS_DEBUG: _debug, ...inherited } = process.env;
    this.environment = {
      ...inherited,
      PATH: [binDir, inherited["PATH"]].filter(Boolean).join(delimiter),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_HOME: this.path(".home"),
      PULUMI_CONFIG_PASSPHRASE: "only for tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_STACK: stack,
      // Allows --event-log.
      PULUMI_DEBUG_COMMANDS: "true",
      NO_COLOR: "1",
      ...(store !== undefined && { CONNECTIONS_STORE: store }),
    };
    const runtime = link ? "{ name: nodejs, options: { typescript: false } }" : "nodejs";
    this.write("Pulumi.yaml", `name: ${name}\nruntime: ${runtime}\n`);
    if (link) {
      this.write("package.json", JSON.stringify({ name, private: true }));
      mkdirSync(this.path("node_modules"));
      symlinkSync(root, this.path("node_modules/pulumi-connections"), "dir");
      symlinkSync(join(root, "node_modules/@pulumi"), this.path("node_modules/@pulumi"), "dir");
    }
  }

  /** Makes the stack. */
  async init(): Promise<this> {
    const { code, stderr } = await this.pulumi("stack", "init", this.stack);
    if (code !== 0) throw new Error(stderr);
    return this;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  get storeFolder(): string {
    return dirname(this.storeFile);
  }

  /** The program from now on; the resource classes and `pulumi` are at hand. */
  program(body: string): void {
    this.write("index.js", PREAMBLE + body);
  }

  preview(...args: string[]): Promise<Run> {
    return this.operation("preview", args);
  }

  /** Without the preview before it, which would only cost time here. */
  up(...args: string[]): Promise<Run> {
    return this.operation("up", ["--yes", "--skip-preview", ...args]);
  }

  refresh(...args: string[]): Promise<Run> {
    return this.operation("refresh", args.includes("--preview-only") ? args : ["--yes", "--skip-preview", ...args]);
  }

  destroy(...args: string[]): Promise<Run> {
    return this.operation("destroy", ["--yes", "--skip-preview", ...args]);
  }

  async operation(name: string, args: readonly string[]): Promise<Run> {
    const log = this.path(`.events-${++this.#runs}`);
    const ended = await this.pulumi(name, "--non-interactive", "--event-log", log, ...args);
    const events = readEvents(log);
    rmSync(log, { force: true });
    return { ...ended, ...events };
  }

  /** Starts an operation in a process group of its own. */
  start(name: string, ...args: string[]): ChildProcess {
    return spawn("pulumi", [name, "--non-interactive", ...args], {
      cwd: this.folder,
      env: this.environment,
      stdio: "ignore",
      detached: true,
    });
  }

  pulumi(...args: string[]): Promise<Ended> {
    return execute("pulumi", args, this.folder, this.environment);
  }

  /** The package's own command, on the project's store. */
  async connections(...args: string[]): Promise<string> {
    const command = [join(root, "dist/sdk/cli/main.js"), "--store", this.storeFile, ...args];
    const { code, stdout, stderr } = await execute(process.execPath, command, this.folder, this.environment);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  async exported(): Promise<ExportedStack> {
    const { stdout } = await this.pulumi("stack", "export");
    return JSON.parse(stdout) as ExportedStack;
  }

  /** The outputs of our resources in the state, by name. */
  async outputs(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
    const { resources = [] } = (await this.exported()).deployment;
    const own = resources.filter(({ urn }) => urn.includes(OWN_TYPES));
    return Object.fromEntries(own.map(({ urn, outputs = {} }) => [nameOf(urn), withoutProvider(outputs)]));
  }

  async stackOutputs(): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await this.pulumi("stack", "output", "--json");
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }
}

function withoutProvider({ __provider: _provider, ...properties }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return properties;
}

export function execute(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}
