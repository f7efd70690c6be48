// The Databricks server of the tests: Spark's Thrift server on a metastore in PostgreSQL, started when it is first asked for, once for
// all tests of a run. Listens on a free port, which it prints. GET / answers where the parts are, in one line, as soon as nobody else has
// them: they are the asker's until it ends the request, whose answer goes on until then. POST /restart restarts Spark.
// Ends with its input, so that nothing is left behind when whoever started it dies.

import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { startPostgres } from "./postgres.mjs";
import { freePort } from "../../../support/processes.mjs";
import { startSpark } from "./spark.mjs";

/** Catalogs with an information_schema of their own; any other is in `system.information_schema` only. */
const CATALOGS = ["first", "second"];
const PASSPHRASE = "test-server";

const { sparkHome, jdbcJar, postgres: programs } = JSON.parse(process.argv[2]);
let folder;
let parts;
let starting;
/** Ends when the parts are free again. */
let taken = Promise.resolve();

const server = createServer(async (request, response) => {
  try {
    starting ??= startAll();
    await starting;
    if (request.url === "/restart") {
      await parts.spark.stop();
      parts.spark = await startSpark(parts.sparkOptions);
      response.end();
      return;
    }
    const given = new Promise((resolve) => response.on("close", resolve));
    const before = taken;
    taken = before.then(() => given);
    await before;
    response.write(`${JSON.stringify(parts.answer)}\n`);
  } catch (error) {
    response.writeHead(500).end(error.message);
  }
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));

process.stdin.on("end", end).resume();
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, end);

async function startAll() {
  folder = mkdtempSync(path.join(tmpdir(), "databricks-server-"));
  chmodSync(folder, 0o711);
  parts = {};
  const [, certificate] = await Promise.all([startDatabases(), makeCertificate()]);
  parts.answer = {
    spark: parts.sparkOptions.port,
    postgres: { port: parts.postgres.port, user: parts.postgres.user, programs },
    ...certificate,
  };
}

async function startDatabases() {
  parts.postgres = await startPostgres(folder, programs, CATALOGS);
  parts.sparkOptions = { folder, sparkHome, jdbcJar, port: await freePort(), postgres: parts.postgres, catalogs: CATALOGS };
  parts.spark = await startSpark(parts.sparkOptions);
}

/** Of this machine's own address, by Java's keytool: the driver speaks TLS only. */
async function makeCertificate() {
  const store = path.join(folder, "server.p12");
  const keytool = (...args) => promisify(execFile)("keytool", [...args, "-keystore", store, "-storepass", PASSPHRASE, "-alias", "server"]);
  const names = ["-dname", "CN=localhost", "-ext", "SAN=DNS:localhost,IP:127.0.0.1", "-ext", "BC=ca:true"];
  await keytool("-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-storetype", "PKCS12", "-validity", "30", ...names);
  const { stdout: authority } = await keytool("-exportcert", "-rfc");
  return { pfx: readFileSync(store, "base64"), passphrase: PASSPHRASE, authority };
}

let ending;
function end() {
  ending ??= (async () => {
    await starting?.catch(() => undefined);
    await parts?.spark?.stop();
    await parts?.postgres?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    process.exit();
  })();
}
