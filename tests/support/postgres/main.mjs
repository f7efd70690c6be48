// Runs a PostgreSQL for tests until its input ends, so that nothing is left behind when whoever started it dies. Prints where it is as
// a line of JSON. POST /crash kills it as a power cut would, and starts it again after `?away=` milliseconds.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { postgresPrograms, startPostgres } from "./postgres.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "postgres-server-"));
const programs = postgresPrograms();
const server = await startPostgres(folder, programs);

const control = createServer(async (request, response) => {
  const { searchParams } = new URL(request.url, "http://localhost");
  await server.crash();
  await delay(Number(searchParams.get("away") ?? 0));
  await server.startAgain();
  response.end();
});
control.listen(0, "127.0.0.1", () => {
  const { port } = control.address();
  console.log(JSON.stringify({ port: server.port, user: server.user, programs, control: `http://127.0.0.1:${port}`, data: server.data }));
});

let ending;
function end() {
  ending ??= (async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  })();
}
process.stdin.on("end", end).resume();
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, end);
