import { ConflictError, NotFoundError } from "../../../../sdk/model/errors";
import { hostKeyOf, type LegacyDataSource, type LegacyHost } from "../../../../sdk/model/legacy-data-source";
import { formatObjectPath } from "../../../../sdk/model/object-path";
import { legacyName, type TableNames } from "../../../../sdk/model/legacy/names";
import type { LegacyRegistration } from "../../../../sdk/model/legacy/registration";
import type { RegisteredHandler } from "../../../../sdk/model/legacy-api";
import { sameValue } from "../equal";
import type { Runtime } from "../runtime";
import type { OldWay, RegisteredSource } from "./registered-source";

interface V1Payload {
  readonly handler: unknown;
}

/** One handler of a payload with the data source that it makes. */
interface Handler {
  readonly name: string;
  readonly table: string;
  /** The payload with this handler alone. */
  readonly payload: object;
}

/** V1: each handler is a data source of its own, known by its id, and found by its name where the id is not known yet. */
export function v1OldWay(
  { legacy, log }: Runtime,
  payload: object,
  registrations: readonly LegacyRegistration[],
  host: LegacyHost,
): OldWay {
  const { technology } = registrations[0]!;
  const handlers = handlersOf(payload, registrations);

  return {
    id: `${host.hostname}/${handlers[0]?.table ?? ""}`,

    create: () => registered(handlers),

    async update(before, previous, progress) {
      const current = new Map(before.map((source) => [source.table, source]));
      const old = new Map(sentBefore(previous));
      for (const { name, table, payload: sent } of handlers) {
        const id = current.get(table)?.id;
        const found = id === undefined ? undefined : await unlessGone(legacy.get(id));
        if (found === undefined) {
          current.delete(table);
          continue;
        }
        if (!sameValue(old.get(table), sent) || !isAt(found, table)) await legacy.replaceHandler(technology, found.id, sent);
        if (!found.isEnabled) await legacy.setEnabled(found.id, true);
        current.set(table, { id: found.id, name, table });
      }
      progress([...current.values()]);
      const wanted = new Set<string | undefined>(handlers.map(({ table }) => table));
      for (const source of [...current.values()].filter(({ table }) => !wanted.has(table))) {
        await removeOne(source);
        current.delete(source.table);
        progress([...current.values()]);
      }
      const added = handlers.filter(({ table }) => !current.has(table));
      return [...current.values(), ...(await registered(added))];
    },

    async drift() {
      const lines: string[] = [];
      for (const { name, table } of handlers) {
        const found = await unlessGone(legacy.getByName(name));
        if (found === undefined) lines.push(`data source "${name}" is not registered any more`);
        else if (!isAt(found, table)) lines.push(`data source "${name}": table: recorded ${table}, is ${tableOf(found)}`);
        else if (!found.isEnabled) lines.push(`data source "${name}": isEnabled: recorded true, is false`);
      }
      return lines;
    },

    async read(before) {
      const left: RegisteredSource[] = [];
      for (const source of before) {
        if (source.id !== undefined && (await unlessGone(legacy.get(source.id))) !== undefined) left.push(source);
      }
      return left.length === 0 ? undefined : left;
    },

    async remove(before) {
      for (const source of before) await removeOne(source);
    },
  };

  async function registered(some: readonly Handler[]): Promise<RegisteredSource[]> {
    if (some.length === 0) return [];
    try {
      return await registerAll(some);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
    // Some are there already, of an earlier try or from before they were declared.
    const adopted: RegisteredSource[] = [];
    const others: Handler[] = [];
    for (const handler of some) {
      const found = await unlessGone(legacy.getByName(handler.name));
      if (found === undefined || !isAt(found, handler.table)) others.push(handler);
      else {
        await legacy.replaceHandler(technology, found.id, handler.payload);
        if (!found.isEnabled) await legacy.setEnabled(found.id, true);
        adopted.push({ id: found.id, name: handler.name, table: handler.table });
      }
    }
    if (adopted.length > 0) log.info(`${adopted.length} data sources are registered already; adopting them`);
    return others.length === 0 ? adopted : [...adopted, ...(await registerAll(others))];
  }

  async function registerAll(some: readonly Handler[]): Promise<RegisteredSource[]> {
    const body = { ...payload, handler: some.map((one) => (one.payload as V1Payload).handler) };
    const answers = (await legacy.register(technology, body)) as readonly RegisteredHandler[];
    return some.map(({ name, table }, index) => ({ id: answers[index]!.dataSourceId, name, table }));
  }

  function isAt(found: LegacyDataSource, table: string): boolean {
    return hostKeyOf(found.host) === hostKeyOf(host) && tableOf(found) === table;
  }

  /** The first call disables a data source that is enabled, the next one deletes it. */
  async function removeOne({ id }: RegisteredSource): Promise<void> {
    if (id === undefined) return;
    const first = await unlessGone(legacy.deleteHandler(technology, id));
    if (first !== undefined && !first.hardDelete) await unlessGone(legacy.deleteHandler(technology, id));
  }
}

function handlersOf(payload: object, registrations: readonly LegacyRegistration[]): Handler[] {
  const handlers = rawHandlers(payload);
  return registrations.flatMap((registration, index) =>
    registration.tables.map((table) => ({
      name: legacyName(registration, table),
      table: tableOf(table),
      payload: { ...payload, handler: handlers[index] },
    })),
  );
}

/** What was sent for each table by an earlier payload. */
function sentBefore(payload: object): [string, object][] {
  return rawHandlers(payload).flatMap((handler): [string, object][] => {
    const { database, schema, table } = (handler as { metadata: Partial<TableNames> }).metadata;
    if (database === undefined || schema === undefined || table === undefined) return [];
    return [[tableOf({ database, schema, table }), { ...payload, handler }]];
  });
}

function rawHandlers(payload: object): readonly unknown[] {
  const { handler } = payload as V1Payload;
  return Array.isArray(handler) ? handler : [handler];
}

function tableOf({ database, schema, table }: TableNames): string {
  return formatObjectPath([database, schema, table]);
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
