import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { nameOf, OWN_TYPES, readEvents, type Events } from "./events";
import { startServer, type ServedProcess } from "../support/serve-command";
import { binDir, execute, root, temporaryFolder, type Ended } from "./harness";

const PREAMBLE = `"use strict";
const pulumi = require("@pulumi/pulumi");
const { ActivationSetting, Connection, ConnectionsProvider, Governance, LegacyDataSource } = require("pulumi-connections");
const { ObjectOwners, ObjectStatus, ObjectStatuses } = require("pulumi-connections");
const { getDrift, getDriftOutput, getObject, getObjectOutput, getObjects, getObjectsOutput } = require("pulumi-connections");
`;

type Properties = Readonly<Record<string, unknown>>;

/** How an operation of Pulumi ended, what it said and what it did. */
export interface Run extends Ended, Events {}

/** What `pulumi stack export` prints, as far as the tests look at it. */
interface ExportedStack {
  readonly deployment: { readonly resources?: readonly { readonly urn: string; readonly outputs?: Properties }[] };
}

interface ProjectOptions {
  readonly name?: string;
  readonly stack?: string;
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
  readonly folder = temporaryFolder();
  readonly stack: string;
  readonly storeFile: string;
  readonly environment: NodeJS.ProcessEnv;
  #runs = 0;

  constructor({ name = "shop", stack = "dev", store, link = true }: ProjectOptions = {}) {
    this.stack = stack;
    this.storeFile = store ?? this.path(".connections/connections.db");
    const state = this.path(".state");
    mkdirSync(this.path(".home"), { recursive: true });
    mkdirSync(state, { recursive: true });
    // Whatever the user has set for Pulumi and for us stays out of it.
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(PULUMI|CONNECTIONS)_/.test(key)));
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

  /** From now on a server has the store, and the resources are registered there. */
  async serve(): Promise<ServedProcess> {
    const key = "an-administrators-key-of-some-length";
    const environment = { ...this.environment, CONNECTIONS_STORE: this.storeFile, CONNECTIONS_ADMIN_API_KEY: key };
    const server = await startServer(this.folder, [], environment);
    Object.assign(this.environment, { CONNECTIONS_ENDPOINT: server.endpoint, CONNECTIONS_API_KEY: key });
    return server;
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

  /** Starts an operation that the test ends itself. */
  start(name: string, ...args: string[]): ChildProcess {
    return spawn("pulumi", [name, "--non-interactive", ...args], { cwd: this.folder, env: this.environment, stdio: "ignore" });
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
  async outputs(): Promise<Readonly<Record<string, Properties>>> {
    const { resources = [] } = (await this.exported()).deployment;
    const own = resources.filter(({ urn }) => urn.includes(OWN_TYPES));
    return Object.fromEntries(own.map(({ urn, outputs = {} }) => [nameOf(urn), withoutProvider(outputs)]));
  }

  async stackOutputs(): Promise<Properties> {
    const { stdout } = await this.pulumi("stack", "output", "--json");
    return JSON.parse(stdout) as Properties;
  }
}

function withoutProvider({ __provider: _provider, ...properties }: Properties): Properties {
  return properties;
}
