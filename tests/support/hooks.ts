import { account } from "./memory-platform";
import { testEngine } from "./engine";
import { integrate } from "./legacy";
import { KEY, serve } from "./server";
import { createLegacyClient } from "../../sdk/client/legacy-client";
import { connectionKind } from "../../provider/hooks/core/connection-kind";
import { createRuntime, type LogSink, type RuntimeParts } from "../../provider/hooks/core/runtime";
import { UNKNOWN } from "../../provider/hooks/core/unknown";

/** Inputs of the connection that `created` makes. */
export const inputs = {
  connectionKey: "warehouse",
  connection: { technology: "Memory", account: "one", password: "hunter2-hunter2" },
  settings: { isActive: false, activateNewChildren: true },
};

export function setUp(content = account({ sales: { main: ["orders", "returns"] } }), technology: "Memory" | "Snowflake" = "Memory") {
  const engine = testEngine(content, {}, technology);
  const messages: string[] = [];
  const note = (message: string) => void messages.push(message);
  const log: LogSink = { warn: note, info: note, status: () => undefined };
  const parts: RuntimeParts = {
    ...{ api: engine.api, legacy: engine.api.legacy, log, platforms: [engine.platform] },
    normalize: (connection) => connection,
  };
  /** As a new process of an engine operation would have it. */
  const runtime = () => createRuntime(parts);
  return { ...engine, messages, parts, runtime };
}

/** Hooks on made-up Snowflake accounts, of an engine in this process or behind a server. */
export async function setUpSnowflake(where: "in process" | "over HTTP") {
  const tree = { SALES: { PUBLIC: ["ORDERS", "RETURNS"] }, HR: { PUBLIC: ["STAFF"] } };
  const subject = setUp(account(tree), "Snowflake");
  await integrate(subject.api.legacy);
  if (where === "in process") return subject;
  const { endpoint, client } = await serve(subject.api);
  const legacy = createLegacyClient({ endpoint, apiKey: KEY });
  return { ...subject, runtime: () => createRuntime({ ...subject.parts, api: client, legacy }) };
}

export async function created(content?: ReturnType<typeof account>) {
  const subject = setUp(content);
  const { id, outputs } = await connectionKind.create(subject.runtime(), inputs);
  return { ...subject, id, outputs };
}

/** Every way to replace one part of a value by an unknown. */
export function withUnknowns(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [UNKNOWN];
  const nested = Object.entries(value).flatMap(([name, member]) =>
    withUnknowns(member).map((replaced) =>
      Array.isArray(value) ? Object.assign([...(value as unknown[])], { [name]: replaced }) : { ...value, [name]: replaced },
    ),
  );
  return [UNKNOWN, ...nested];
}
