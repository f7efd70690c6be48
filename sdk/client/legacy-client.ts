import type { z } from "zod";
import type { LegacyApi, LegacyListQuery } from "../model/legacy-api";
import * as answers from "../model/wire/responses";
import { createTransport, type Request, type Transport, type TransportOptions } from "./transport";

/** A call that may ask the platform for the tables of a schema: a warehouse may have to start. */
const PLATFORM_SECONDS = 660;

export interface LegacyClient extends LegacyApi {
  close(): void;
}

/**
 * The former API of a server (contract: legacy payloads, deprecated endpoints), with the same errors as in process; on an account that
 * was upgraded, its writes throw a `BlockedError`.
 */
export function createLegacyClient(options: TransportOptions): LegacyClient {
  const transport = createTransport(options);
  return { ...handlerCalls(transport), ...collectionCalls(transport), ...sourceCalls(transport), ...integrationCalls(transport), close };

  function close(): void {
    transport.close();
  }
}

function handlerCalls(transport: Transport): Pick<LegacyApi, "register" | "replaceHandler" | "deleteHandler" | "editConnections"> {
  const technologyPath = (technology: string, rest: string) => `/${encodeURIComponent(technology.toLowerCase())}/${rest}`;
  return {
    register: (technology, body) =>
      transport.send({
        ...{ method: "POST", path: technologyPath(technology, "handler"), body },
        answer: answers.legacyHandler.or(answers.legacyHandlers),
      }),
    replaceHandler: (technology, handlerId, body) =>
      transport.send({ method: "PUT", path: technologyPath(technology, `handler/${handlerId}`), body, answer: answers.legacyHandler }),
    deleteHandler: (technology, handlerId) =>
      transport.send({ method: "DELETE", path: technologyPath(technology, `handler/${handlerId}`), answer: answers.legacyDeleted }),
    editConnections: (technology, body) =>
      transport.send({ method: "PUT", path: technologyPath(technology, "bulk"), body, answer: answers.legacyIds }),
  };
}

function collectionCalls(transport: Transport): Pick<LegacyApi, "saveCollection" | "deleteCollection"> {
  const call = (request: Pick<Request<unknown>, "method" | "objectPath" | "body">, dryRun: boolean) =>
    transport.send({
      ...{ ...request, path: "/api/v2/data", query: { dryRun: dryRun || undefined }, answer: answers.legacyCollection },
      // It is the whole wish, so that a second try finds it done.
      isRepeatable: true,
      timeoutSeconds: PLATFORM_SECONDS,
    });
  return {
    saveCollection: (body, { dryRun = false } = {}) => call({ method: "POST", body }, dryRun),
    deleteCollection: (collection, { dryRun = false } = {}) => call({ method: "DELETE", objectPath: [collection] }, dryRun),
  };
}

function sourceCalls(
  transport: Transport,
): Pick<LegacyApi, "list" | "get" | "getByName" | "setEnabled" | "delete" | "changeMany" | "detect"> {
  const source = answers.legacyDataSource as unknown as z.ZodType<Awaited<ReturnType<LegacyApi["get"]>>>;
  return {
    list: (query: LegacyListQuery = {}) =>
      transport.send({ method: "GET", path: "/dataSource", query: { ...query }, answer: answers.legacyDataSources }),
    get: (id) => transport.send({ method: "GET", path: `/dataSource/${id}`, answer: source }),
    getByName: (name) => transport.send({ method: "GET", path: "/dataSource/name", objectPath: [name], answer: source }),
    setEnabled: (id, isEnabled) =>
      transport.send({ method: "PUT", path: `/dataSource/${id}`, body: { disabled: !isEnabled }, answer: source }),
    delete: (id) => transport.send({ method: "DELETE", path: `/dataSource/${id}`, answer: answers.legacyDeleted }),
    changeMany: (type, ids) =>
      transport.send({ method: "PUT", path: `/dataSource/bulk/${type}`, body: { ids }, answer: answers.legacyIds }),
    async detect(scope) {
      const { created, disabled } = await transport.send({
        ...{ method: "PUT", path: "/dataSource/detectRemoteChanges", body: scope, answer: answers.legacyDetection },
        timeoutSeconds: PLATFORM_SECONDS,
      });
      return { created, disabled };
    },
  };
}

function integrationCalls(transport: Transport): Pick<LegacyApi, "listIntegrations" | "createIntegration" | "deleteIntegration"> {
  return {
    listIntegrations: () => transport.send({ method: "GET", path: "/integrations", answer: answers.legacyIntegrations }),
    createIntegration: (body) => transport.send({ method: "POST", path: "/integrations", body, answer: answers.legacyIntegration }),
    async deleteIntegration(id) {
      await transport.send({ method: "DELETE", path: `/integrations/${id}`, answer: answers.legacyIntegrationDeleted });
    },
  };
}
