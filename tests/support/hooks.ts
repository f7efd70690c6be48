import { account } from "./memory-platform";
import { testEngine } from "./engine";
import { connectionKind } from "../../provider/hooks/core/connection-kind";
import { createRuntime, type LogSink } from "../../provider/hooks/core/runtime";
import { UNKNOWN } from "../../provider/hooks/core/unknown";

/** Inputs of the connection that `created` makes. */
export const inputs = {
  connectionKey: "warehouse",
  connection: { technology: "Memory", account: "one", password: "hunter2-hunter2" },
  settings: { isActive: false, activateNewChildren: true },
};

export function setUp(content = account({ sales: { main: ["orders", "returns"] } })) {
  const engine = testEngine(content);
  const messages: string[] = [];
  const note = (message: string) => void messages.push(message);
  const log: LogSink = { warn: note, info: note, status: () => undefined };
  /** As a new process of an engine operation would have it. */
  const runtime = () =>
    createRuntime({ api: engine.api, legacy: engine.api.legacy, log, platforms: [engine.platform], normalize: (connection) => connection });
  return { ...engine, messages, runtime };
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
