// A store in PostgreSQL beside one in a file, and three servers beside one.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { postgresPrograms, startPostgres } from "../support/postgres/postgres.mjs";
import { here, root } from "./paths.mjs";
import { runProcess } from "./run-process.mjs";
import { median } from "./statistics.mjs";

const require = createRequire(import.meta.url);
const KEY = "a-key-of-the-benchmark-with-many-characters";
/** A second for each database: twenty statements of 50 ms. */
const CONTENT = { databases: 40, tables: 100, milliseconds: 1_000 };
const ACCOUNTS = ["one", "two", "three"];

export async function benchmarkPostgres({ tables, rounds, log }) {
  const folder = mkdtempSync(path.join(tmpdir(), "connections-bench-"));
  const server = await startPostgres(folder, postgresPrograms(), ["shared_buffers=512MB", "max_wal_size=4GB", "fsync=on"]);
  try {
    const results = [];
    for (let round = 0; round < rounds; round++) {
      const database = `bench_${round}`;
      await server.psql("postgres", ["-c", `CREATE DATABASE ${database}`]);
      const places = {
        file: path.join(folder, `${round}.db`),
        postgres: `postgres://${server.user}@127.0.0.1:${server.port}/${database}`,
      };
      const result = { file: {}, postgres: {} };
      for (const work of ["first", "unchanged", "calls"]) {
        for (const [kind, place] of Object.entries(places)) {
          const out = await runProcess(process.execPath, [path.join(here, "engine-child.mjs"), work, String(tables), place]);
          const { whole, seen } = JSON.parse(out.trim().split("\n").at(-1));
          result[kind][work] = work === "calls" ? seen : whole;
          log(`postgres: ${kind}, ${work}: ${work === "calls" ? JSON.stringify(seen) : `${Math.round(whole)} ms`}`);
        }
      }
      const one = await timeOf(server, 1, folder, `one_${round}`);
      const three = await timeOf(server, 3, folder, `three_${round}`);
      log(`postgres: ${ACCOUNTS.length} accounts with ${CONTENT.databases} databases: one server ${one} ms, three ${three} ms`);
      results.push({ ...result, one, three });
    }
    const of = (value) => median(results.map(value));
    return {
      tables,
      first: of(({ file, postgres }) => postgres.first / file.first),
      unchanged: of(({ file, postgres }) => postgres.unchanged / file.unchanged),
      settings: of(({ file, postgres }) => postgres.calls.settings / file.calls.settings),
      read: of(({ file, postgres }) => postgres.calls.read / file.calls.read),
      page: of(({ file, postgres }) => postgres.calls.page / file.calls.page),
      threeServers: of(({ one, three }) => one / three),
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from asking for the syncs of all accounts to the end of the last one. */
async function timeOf(postgres, count, folder, database) {
  await postgres.psql("postgres", ["-c", `CREATE DATABASE ${database}`]);
  const content = path.join(folder, "content.json");
  writeFileSync(content, JSON.stringify(CONTENT));
  const servers = [];
  try {
    for (let index = 0; index < count; index++) {
      servers.push(await serve(`postgres://${postgres.user}@127.0.0.1:${postgres.port}/${database}`));
    }
    const { createClient } = require("../../dist/sdk/client/client.js");
    const api = createClient({ endpoint: servers[0].endpoint, apiKey: KEY });
    const started = performance.now();
    const jobs = [];
    for (const account of ACCOUNTS) {
      const connection = { technology: "Made", account, content, log: path.join(folder, "log.txt") };
      jobs.push((await api.registerConnection({ connectionKey: account, connection })).bulkId);
    }
    for (const bulkId of jobs) {
      const [job] = await api.waitForJobs(bulkId);
      if (job.state !== "completed") throw new Error(`the sync failed: ${job.output?.error}`);
    }
    return Math.round(performance.now() - started);
  } finally {
    for (const { child } of servers) child.kill("SIGTERM");
    await delay(2_000);
  }
}

async function serve(store) {
  const made = path.join(root, "tests", "postgres", "made-platform.cjs");
  const main = path.join(root, "dist", "sdk", "cli", "main.js");
  const child = spawn(process.execPath, ["--require", made, main, "--store", store, "serve", "--port", "0", "--log-level", "error"], {
    env: { ...process.env, CONNECTIONS_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"), CONNECTIONS_ADMIN_API_KEY: KEY },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const endpoint = await new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const [, address] = /serving .* on (http:\S+)/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.on("close", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return { child, endpoint };
}
