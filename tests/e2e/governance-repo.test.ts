import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "../../sdk";
import { hostComments, type CommentsHost } from "../support/comments-host";
import { startServer, type ServedProcess } from "../support/serve-command";
import { runGithubWorkflow, runGitlabPipeline, type JobRun, type Machine } from "../support/workflow";
import { duckdb } from "./duckdb";
import { execute, root, story, temporaryFolder } from "./harness";
import { Project } from "./project";

const STACKS = ["dev", "prod"] as const;
type Stack = (typeof STACKS)[number];
const KEYS: Readonly<Record<Stack, string>> = { dev: "key-of-dev-of-some-length", prod: "key-of-prod-of-some-length" };
const GITHUB_TOKEN = "token-of-the-workflow";
const GITLAB_TOKEN = "token-of-the-project";
const PASSPHRASE = "only for tests";
const REQUEST = "/repos/acme/governance/issues/7/comments";
const NOTES = "/projects/3/merge_requests/7/notes";

const TABLES = `
  CREATE TABLE fct_orders (id INTEGER); CREATE TABLE fct_returns (id INTEGER); CREATE TABLE dim_shops (id INTEGER);
  CREATE SCHEMA staging; CREATE TABLE staging.raw (line VARCHAR);`;

story("the governance repository of the examples, in its pipelines", () => {
  const origin = join(temporaryFolder(), "origin.git");
  const work = join(temporaryFolder(), "governance");
  // Of the project only its state, its Pulumi home and its environment are used.
  const project = new Project({ link: false });
  const servers: Partial<Record<Stack, ServedProcess>> = {};
  let host: CommentsHost;
  let branch = "main";

  const {
    PULUMI_BACKEND_URL: state = "",
    PULUMI_CONFIG_PASSPHRASE: _passphrase,
    PULUMI_STACK: _stack,
    // What a developer's machine has and a runner's has not: only the file says it there.
    ...runner
  } = project.environment;
  // Types are checked with those of the whole project.
  Object.assign(runner, { PULUMI_NODEJS_TRANSPILE_ONLY: "true", TS_NODE_TRANSPILE_ONLY: "true" });
  const owner: NodeJS.ProcessEnv = { ...runner, PULUMI_BACKEND_URL: state, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
  const must = async (command: string, args: readonly string[], folder = work) => {
    const { code, stdout, stderr } = await execute(command, args, folder, owner);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const git = (...args: string[]) => must("git", ["-c", "user.name=dev", "-c", "user.email=dev@example.com", ...args]);

  const machine: Machine = {
    temporary: temporaryFolder,
    async checkOut() {
      const folder = join(temporaryFolder(), "governance");
      await must("git", ["clone", "--quiet", "--branch", branch, origin, folder], origin);
      return folder;
    },
    install,
    shell: (script, folder, environment) => execute("bash", ["-eo", "pipefail", "-c", script], folder, { ...runner, ...environment }),
  };
  const github = (event: string) =>
    runGithubWorkflow(
      join(work, ".github/workflows/governance.yml"),
      {
        github: { event_name: event, token: GITHUB_TOKEN, event: { number: 7 } },
        vars: { PULUMI_BACKEND_URL: state },
        secrets: Object.fromEntries(
          STACKS.map((stack) => [stack, { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE, CONNECTIONS_API_KEY: KEYS[stack] }]),
        ),
        environment: {
          GITHUB_ACTIONS: "true",
          GITHUB_API_URL: host.address,
          GITHUB_REPOSITORY: "acme/governance",
          GITHUB_STEP_SUMMARY: join(work, "..", "summary.md"),
        },
      },
      machine,
    );
  const gitlab = (variables: Readonly<Record<string, string>>) =>
    runGitlabPipeline(
      join(work, ".gitlab-ci.yml"),
      {
        variables: {
          GITLAB_CI: "true",
          CI_API_V4_URL: host.address,
          CI_PROJECT_ID: "3",
          CI_MERGE_REQUEST_IID: "7",
          CI_DEFAULT_BRANCH: "main",
          CI_COMMIT_BRANCH: branch,
          PULUMI_BACKEND_URL: state,
          PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
          GITLAB_TOKEN,
          ...variables,
        },
        ofEnvironment: Object.fromEntries(STACKS.map((stack) => [stack, { CONNECTIONS_API_KEY: KEYS[stack] }])),
      },
      machine,
    );
  const outcome = (runs: readonly JobRun[]) => Object.fromEntries(runs.map(({ name, isOk }) => [name, isOk]));
  const succeeded = (runs: readonly JobRun[]) => {
    const failed = runs.filter(({ isOk }) => !isOk);
    expect(failed.map(({ name, output }) => `${name}: ${output}`)).toEqual([]);
    return runs.map(({ name }) => name);
  };

  /** A branch from main with one file edited, pushed. */
  async function propose(name: string, file: string, edit: (text: string) => string): Promise<void> {
    await git("checkout", "--quiet", "-B", name, "main");
    const text = readFileSync(join(work, file), "utf8");
    expect(edit(text)).not.toBe(text);
    writeFileSync(join(work, file), edit(text));
    await git("commit", "--quiet", "--all", "--message", name);
    await git("push", "--quiet", "--force", "origin", name);
    branch = name;
  }

  async function merge(): Promise<void> {
    await git("checkout", "--quiet", "main");
    if (branch !== "main") await git("merge", "--quiet", branch);
    await git("push", "--quiet", "origin", "main");
    branch = "main";
  }

  const activeAt = async (stack: Stack) => {
    const api = createClient({ endpoint: servers[stack]!.endpoint, apiKey: KEYS[stack] });
    try {
      const { hits } = await api.listObjects(["warehouse"], { size: 1_000, state: "active" });
      return hits.map(({ objectPath }) => objectPath.slice(1).join("/"));
    } finally {
      await api.close();
    }
  };

  beforeAll(async () => {
    host = await hostComments((headers) => headers.authorization === `Bearer ${GITHUB_TOKEN}` || headers["private-token"] === GITLAB_TOKEN);
    // A request that was talked about: the comment is not on the first page.
    for (let index = 0; index < 120; index++) host.add(REQUEST, `remark ${index}`);
    await must("git", ["init", "--quiet", "--bare", "--initial-branch", "main", origin], root);
    cpSync(join(root, "examples/governance-repo"), work, { recursive: true });
    install(work);
    for (const stack of STACKS) {
      const store = project.path(`${stack}.db`);
      await duckdb(project.path(`${stack}.duckdb`), TABLES);
      await must(process.execPath, [join(root, "dist/sdk/cli/main.js"), "--store", store, "group", "create", "stewards"]);
      servers[stack] = await startServer(project.folder, [], {
        ...runner,
        CONNECTIONS_STORE: store,
        CONNECTIONS_ADMIN_API_KEY: KEYS[stack],
      });
      await must("pulumi", ["stack", "init", stack]);
      await must("pulumi", ["config", "set", "--stack", stack, "connections:endpoint", servers[stack].endpoint]);
      await must("pulumi", ["config", "set", "--stack", stack, "salesFile", project.path(`${stack}.duckdb`)]);
    }
    await git("init", "--quiet", "--initial-branch", "main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "Rules of dev and prod");
    await git("remote", "add", "origin", origin);
    await git("push", "--quiet", "origin", "main");
  });
  afterAll(async () => {
    for (const server of Object.values(servers)) await server.stop();
    await host.close();
  });

  it("shows on a pull request what a merge does to every stack, and does nothing", async () => {
    await propose("first", "environments/dev.yaml", (text) => text.replace("sales: active", "sales.main: active"));
    expect(succeeded(await github("pull_request"))).toEqual(["preview dev", "preview prod", "comment"]);
    const comments = host.of(REQUEST);
    expect(comments).toHaveLength(121);
    expect(comments.at(-1)).toMatch(/## dev\n[^]*no drift in 0 connections[^]*main-warehouse[^]*## prod\n[^]*no drift/);
    for (const stack of STACKS) await expect(activeAt(stack)).rejects.toThrow(/there is no connection "warehouse"/);
  });

  it("brings every stack up on merge", async () => {
    await merge();
    expect(succeeded(await github("push"))).toEqual(["up dev", "up prod"]);
    expect(await activeAt("dev")).toEqual(["sales/main", "sales/main/dim_shops", "sales/main/fct_orders", "sales/main/fct_returns"]);
    expect(await activeAt("prod")).toEqual(["sales/main/fct_orders", "sales/main/fct_returns"]);
  });

  it("fails at night where something drifted, naming object and person, and nowhere else", async () => {
    expect(outcome(await github("schedule"))).toEqual({ "drift dev": true, "drift prod": true });
    const api = createClient({ endpoint: servers.prod!.endpoint, apiKey: KEYS.prod });
    await api.updateSettings(["warehouse", "sales", "main", "dim_shops"], { isActive: true });
    await api.close();
    const runs = await github("schedule");
    expect(outcome(runs)).toEqual({ "drift dev": true, "drift prod": false });
    const line = /\| warehouse\/sales\/main\/dim\\?_shops \| isActive: recorded not set \(inherited\), is true \| admin \| \S+Z \|/;
    expect(runs[1]!.output).toMatch(line);
    expect(readFileSync(join(work, "..", "summary.md"), "utf8")).toMatch(line);
  });

  it("tells on a pull request of drift and of the objects that edited rules change, in the same comment", async () => {
    await propose("second", "environments/prod.yaml", (text) => text.replace("fct_*", "fct_o*"));
    succeeded(await github("pull_request"));
    expect(host.of(REQUEST)).toHaveLength(121);
    const [, dev, prod] = host
      .of(REQUEST)
      .at(-1)!
      .split(/^## (?:dev|prod)$/m);
    expect(dev).toContain("no drift in 1 connection");
    expect(prod).toContain("1 object has drifted in 1 connection");
    expect(prod).toMatch(/- *"?warehouse\/sales\/main\/fct_returns"?\s*: true/);
    expect(prod).not.toMatch(/[-+~] *"?warehouse\/sales\/main\/fct_orders/);
    await merge();
    succeeded(await github("push"));
    expect(await activeAt("prod")).toEqual(["sales/main/fct_orders"]);
    expect(outcome(await github("schedule"))).toEqual({ "drift dev": true, "drift prod": true });
  });

  it("refuses what the policies refuse, says which one, and still comments", async () => {
    await propose("third", "environments/prod.yaml", (text) =>
      text.replace("isActive: false", "isActive: true").replace(/ *dataOwners:.*\n/, ""),
    );
    expect(outcome(await github("pull_request"))).toEqual({ "preview dev": true, "preview prod": false, comment: true });
    const comment = host.of(REQUEST).at(-1)!;
    expect(comment).toContain("The preview of prod failed");
    expect(comment).toContain("settings.isActive is true: every table would be a data source");
    expect(comment).toContain("settings.dataOwners is empty");
    await propose("fourth", "environments/dev.yaml", (text) =>
      text.replace(
        /technology: DuckDB\n.*\n/,
        `technology: Snowflake
      hostname: acme.snowflakecomputing.com
      warehouse: WH
      role: R
      authenticationType: userPassword
      username: u
      password: a-password-of-some-length
`,
      ),
    );
    const [dev] = await github("pull_request");
    expect(dev!.isOk).toBe(false);
    expect(dev!.output).toContain('connection.authenticationType is "userPassword": use keyPair or oAuthClientCredentials');
    expect(dev!.output + host.of(REQUEST).at(-1)!).not.toContain("a-password-of-some-length");
    expect(await activeAt("prod")).toEqual(["sales/main/fct_orders"]);
  });

  it("says so where a stack's server cannot be asked, and shows the other stack", async () => {
    await propose("lost", "Pulumi.dev.yaml", (text) => text.replace(servers.dev!.endpoint, "http://127.0.0.1:1"));
    expect(outcome(await github("pull_request"))).toEqual({ "preview dev": false, "preview prod": true, comment: true });
    expect(host.of(REQUEST).at(-1)).toMatch(/## dev\n[^]*It could not be found out:[^]*## prod\n[^]*no drift in 1 connection/);
  });

  it("does the same on GitLab", async () => {
    await propose("fifth", "environments/dev.yaml", (text) => text.replace("sales.main: active", "sales.main.dim_*: active"));
    expect(succeeded(await gitlab({ CI_PIPELINE_SOURCE: "merge_request_event" }))).toEqual(["preview dev", "preview prod", "comment"]);
    expect(host.of(NOTES)).toEqual([expect.stringMatching(/## dev\n[^]*dim_shops[^]*## prod\n[^]*no drift/)]);
    expect(succeeded(await gitlab({ CI_PIPELINE_SOURCE: "push" }))).toEqual([]);
    await merge();
    expect(succeeded(await gitlab({ CI_PIPELINE_SOURCE: "push" }))).toEqual(["up dev", "up prod"]);
    expect(await activeAt("dev")).toEqual(["sales/main/dim_shops"]);
    expect(succeeded(await gitlab({ CI_PIPELINE_SOURCE: "schedule" }))).toEqual(["drift dev", "drift prod"]);
  });
});

/** What `npm ci` would bring from a registry: the package as it is built here, and the packages beside it. */
function install(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  symlinkSync(root, join(modules, "pulumi-connections"), "dir");
  for (const name of ["@pulumi", "@types", "typescript"]) symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  const command = join(modules, ".bin", "connections");
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(root, "dist/sdk/cli/main.js")}" "$@"\n`);
  chmodSync(command, 0o755);
}
