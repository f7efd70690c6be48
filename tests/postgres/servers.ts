import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { createClient } from "../../sdk/client/client";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { Job } from "../../sdk/model/job";
import { startServer, type ServedProcess } from "../support/serve-command";
import { newDatabase, testPostgres } from "../support/store";
import { temporaryFolder } from "../support/temporary";

const READ_LIMIT_MILLISECONDS = 90_000;
const API_KEY = "an-api-key-of-the-tests-with-many-characters";

export interface MadeContent {
  readonly databases: number;
  readonly tables: number;
  /** That reading one database takes. */
  readonly milliseconds: number;
}

/** Several `connections serve` processes on one store in PostgreSQL, and a platform that takes its time. */
export class Servers {
  readonly #folder = temporaryFolder();
  readonly #contentFile = join(this.#folder, "content.json");
  readonly #logFile = join(this.#folder, "log.txt");
  readonly #environment: NodeJS.ProcessEnv;
  readonly #running: (ServedProcess | undefined)[] = [];

  constructor(readonly address: string = newDatabase(testPostgres()!)) {
    this.#environment = {
      ...process.env,
      CONNECTIONS_STORE: address,
      CONNECTIONS_SECRET_KEY: randomBytes(32).toString("base64"),
      CONNECTIONS_ADMIN_API_KEY: API_KEY,
      NODE_OPTIONS: `--require=${join(__dirname, "made-platform.cjs")}`,
    };
    writeFileSync(this.#logFile, "");
  }

  async start(index: number): Promise<ConnectionsApi> {
    const server = await startServer(this.#folder, ["--log-level", "error"], this.#environment);
    this.#running[index] = server;
    return this.client(index);
  }

  /** Of the text form of Prometheus. */
  async metrics(index: number): Promise<string> {
    const answer = await fetch(`${this.#running[index]!.endpoint}/metrics`, { headers: { authorization: API_KEY } });
    return answer.text();
  }

  /** In the store, as its owner may. */
  async sql(statement: string): Promise<void> {
    const client = new Client(this.address.replace(/\?.*/, ""));
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  client(index: number): ConnectionsApi {
    return createClient({ endpoint: this.#running[index]!.endpoint, apiKey: API_KEY });
  }

  /** At once, as a machine that loses its power. */
  async kill(index: number): Promise<void> {
    const { child } = this.#running[index]!;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    this.#running[index] = undefined;
  }

  async stop(index: number): Promise<number | null> {
    const code = await this.#running[index]?.stop();
    this.#running[index] = undefined;
    return code ?? null;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#running.map((_, index) => this.stop(index)));
  }

  set(content: MadeContent): void {
    writeFileSync(this.#contentFile, JSON.stringify(content));
  }

  connection(account: string): { readonly technology: string } {
    const made = { technology: "Made", account, content: this.#contentFile, log: this.#logFile };
    return made;
  }

  /** Databases whose reading began, or came to its end, with the process that read. */
  readings(kind: "begin" | "end"): { readonly database: string; readonly pid: number }[] {
    const lines = readFileSync(this.#logFile, "utf8").split("\n");
    return lines.flatMap((line) => {
      const [what, database = "", pid] = line.split(" ");
      return what === kind ? [{ database, pid: Number(pid) }] : [];
    });
  }

  clearReadings(): void {
    writeFileSync(this.#logFile, "");
  }

  untilBegun(databases: number): Promise<void> {
    return this.#until("begin", databases);
  }

  untilRead(databases: number): Promise<void> {
    return this.#until("end", databases);
  }

  async #until(kind: "begin" | "end", databases: number): Promise<void> {
    const limit = Date.now() + READ_LIMIT_MILLISECONDS;
    while (this.readings(kind).length < databases) {
      if (Date.now() > limit) throw new Error(`of ${databases} databases, these came to ${kind}: ${JSON.stringify(this.readings(kind))}`);
      await delay(50);
    }
  }
}

export async function ended(api: ConnectionsApi, bulkId: string): Promise<Job> {
  const [job] = await api.waitForJobs(bulkId, { timeoutSeconds: 150 });
  return job!;
}
