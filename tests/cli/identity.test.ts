import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type * as Sdk from "../../sdk";
import { commandLine } from "../support/command-line";
import { temporaryFolder } from "../support/temporary";

const ADDRESS = "192.0.2.1";

function office() {
  const folder = temporaryFolder();
  const store = join(folder, ".connections", "connections.db");
  return { folder, store, run: commandLine(folder) };
}

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

it("manages users and groups", () => {
  const { folder, run } = office();
  for (const list of ["user", "group", "key"]) expect(run(list, "list", "--json")).toEqual({ code: 0, out: "", err: "" });
  expect(existsSync(join(folder, ".connections"))).toBe(false);

  expect(run("group", "create", "engineers")).toEqual({ code: 0, out: "created group engineers (id 1)\n", err: "" });
  expect(run("group", "create", "readers").code).toBe(0);
  const flags = ["--email", "anna@example.com", "--permission", "GOVERNANCE", "--permission", "APPLICATION_ADMIN"];
  expect(run("user", "create", "anna", ...flags, "--group", "readers", "--group", "engineers").out).toBe("created user anna (id 1)\n");
  expect(lines(run("user", "list", "--json").out)).toEqual([
    {
      id: 1,
      name: "anna",
      email: "anna@example.com",
      permissions: ["GOVERNANCE", "APPLICATION_ADMIN"],
      groups: [
        { id: 1, name: "engineers" },
        { id: 2, name: "readers" },
      ],
    },
  ]);

  expect(run("user", "update", "anna", "--permission", "CREATE_DATA_SOURCE").out).toBe(
    "1  anna  <anna@example.com>  CREATE_DATA_SOURCE  in engineers, readers\n",
  );
  expect(run("group", "delete", "readers").out).toBe("deleted group readers\n");
  expect(run("user", "list").out).toBe("1  anna  <anna@example.com>  CREATE_DATA_SOURCE  in engineers\n");
  expect(run("user", "update", "anna", "--name", "anne", "--no-email", "--no-permission", "--no-group").out).toBe(
    "1  anne  no permissions\n",
  );
  expect(run("user", "delete", "anne").out).toBe("deleted user anne\n");
  expect(run("user", "list").out).toBe("");
  expect(lines(run("group", "list", "--json").out)).toEqual([{ id: 1, name: "engineers" }]);
});

it("prints a key once, alone on standard output, and nothing of its secret later", () => {
  const { store, run } = office();
  run("user", "create", "anna");
  const made = run("key", "create", "anna", "--name", "CI", "--expires-days", "30");
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^pc_1_[A-Za-z0-9_-]{43}\n$/) as string });
  expect(made.err).toMatch(/^key 1 of anna, valid until \S+Z; keep it now, it is not shown again\n$/);
  const secret = made.out.trim().slice("pc_1_".length);
  expect(run("key", "create", "anna").err).toMatch(/^key 2 of anna, valid until it is revoked;/);

  const [listed] = lines(run("key", "list", "--json").out) as Sdk.ApiKey[];
  expect(listed).toMatchObject({ id: 1, user: { name: "anna" }, name: "CI", prefix: "pc_1_", revokedAt: null, lastUsedAt: null });
  expect(Date.parse(listed!.expiresAt!) - Date.parse(listed!.createdAt)).toBe(30 * 86_400_000);
  expect(run("key", "revoke", "1")).toEqual({ code: 0, out: "revoked key 1\n", err: "" });
  const list = run("key", "list").out;
  expect(list).toMatch(/^1 {2}anna {2}CI {2}made \S+Z {2}revoked \S+Z {2}never used\n2 {2}anna {2}API key {2}.*valid until revoked/);
  expect(list).not.toContain(secret);
  const folder = join(store, "..");
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(secret)).toBe(false);
});

it("says what is wrong, and exits with a code that tells", () => {
  const { run } = office();
  run("user", "create", "anna");
  const cases: [string[], number, RegExp][] = [
    [["user", "create", "anna"], 4, /there is a user "anna" already/],
    [["user", "create", "bea", "--permission", "ALL"], 2, /permissions\.0: expected "APPLICATION_ADMIN" or/],
    [["user", "create", "bea", "--group", "nobody"], 3, /there is no group "nobody"; create it first/],
    [["user", "update", "bea"], 3, /there is no user "bea"/],
    [["user"], 2, /Usage: connections user/],
    [["key", "create", "bea"], 3, /there is no user "bea"/],
    [["key", "create", "anna", "--expires-days", "soon"], 2, /expected a whole number/],
    [["key", "revoke", "7"], 3, /there is no API key 7; `connections key list` shows them/],
  ];
  for (const [args, code, message] of cases) {
    const ran = run(...args);
    expect([args, ran.code, ran.err]).toEqual([args, code, expect.stringMatching(message) as string]);
    expect(ran.out).toBe("");
  }
});

it("a running server knows a key that another process makes, notes its use, and lets it go within seconds of its end", async () => {
  const { store, run } = office();
  // As a server would use the installed package; the commands are processes of their own.
  const { openLocalWithIdentity } = (await import(join(__dirname, "../../dist/sdk/index.js"))) as typeof Sdk;
  const open = () => openLocalWithIdentity({ store });
  const [server, other] = [open(), open()];
  try {
    const { key: first } = await server.identity.ensureAdministrator({});
    expect(await server.identity.authenticate(first, ADDRESS)).toMatchObject({ name: "admin" });
    run("user", "create", "anna", "--permission", "GOVERNANCE");
    const key = run("key", "create", "anna").out.trim();
    const { token } = await server.identity.issueToken(key, ADDRESS);
    const calls = [key, `Bearer ${key}`, `Bearer ${token}`];
    for (const call of calls) expect(await server.identity.authenticate(call, ADDRESS)).toMatchObject({ name: "anna" });
    expect(await other.identity.authenticate(`Bearer ${token}`, ADDRESS)).toMatchObject({ permissions: ["GOVERNANCE"] });
    expect(run("key", "list").out).toMatch(/^2 {2}anna .* used \S+Z$/m);
    expect(run("rotate-key").code).toBe(0);
    const { token: rotated } = await server.identity.issueToken(key, ADDRESS);
    for (const one of [token, rotated]) {
      expect(await server.identity.authenticate(`Bearer ${one}`, ADDRESS)).toMatchObject({ name: "anna" });
    }

    expect(run("key", "revoke", "2").code).toBe(0);
    await delay(5_100);
    for (const call of calls) await expect(server.identity.authenticate(call, ADDRESS)).rejects.toMatchObject({ statusCode: 401 });
    await expect(other.identity.authenticate(key, ADDRESS)).rejects.toMatchObject({ statusCode: 401 });
  } finally {
    await server.engine.close();
    await other.engine.close();
  }
});
