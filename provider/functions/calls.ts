import { driftOf } from "../../sdk/drift/drift-of";
import type { ConnectionsApi } from "../../sdk/model/connections-api";
import type { DataObject } from "../../sdk/model/data-object";
import type { DriftReport } from "../../sdk/model/drift-report";
import { BadRequestError } from "../../sdk/model/errors";
import { parseObjectPath } from "../../sdk/model/object-path";
import type { TenantSettings } from "../connections-provider";
import type { GetDriftArgs, GetObjectArgs, GetObjectsArgs, GetObjectsResult } from "../function-args";
import { backendOf } from "../hooks/backend";
import { openBackend } from "../hooks/open-backend";
import { Redactor } from "../hooks/redactor";

const DEFAULT_SIZE = 100;
const LARGEST_SIZE = 1_000;

export interface Tenant {
  readonly settings: TenantSettings;
  /** The environment counts only for the tenant of the stack's configuration. */
  readonly isExplicit: boolean;
}

export interface Calls {
  getObject(tenant: Tenant, args: GetObjectArgs): Promise<DataObject>;
  getObjects(tenant: Tenant, args: GetObjectsArgs): Promise<GetObjectsResult>;
  getDrift(tenant: Tenant, args: GetDriftArgs): Promise<DriftReport>;
}

/** What the functions of a program do, in the program's process. */
export const calls: Calls = {
  getObject: (tenant, { objectPath, columns }) =>
    withTenant(tenant, (api) => api.getObject(parseObjectPath(objectPath), { ...(columns !== undefined && { columns }) })),

  getObjects: (tenant, { objectPath, after, size = DEFAULT_SIZE, ...filter }) =>
    withTenant(tenant, async (api) => {
      if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE) {
        throw new BadRequestError(`size: expected a whole number from 1 to ${LARGEST_SIZE}, got ${size}`, { field: "size" });
      }
      const path = objectPath === undefined ? [] : parseObjectPath(objectPath);
      const objects: DataObject[] = [];
      // A part of the search may hold less than was asked for, while there is more.
      for (let next: string | null | undefined = after; ;) {
        const part = await api.findObjects(path, { ...filter, after: next, size: size - objects.length });
        objects.push(...part.hits);
        if (part.next === null || objects.length === size) return { objects, next: part.next };
        next = part.next;
      }
    }),

  getDrift: (tenant, { connectionKeys = [], file, limit }) => withTenant(tenant, (api) => driftOf(api, connectionKeys, { file, limit })),
};

interface Open {
  readonly api: Promise<ConnectionsApi>;
  users: number;
}

const redactor = new Redactor();

/** One for each tenant while anybody uses it; it is closed then, so that the program can end. */
const open = new Map<string, Open>();

async function withTenant<T>({ settings, isExplicit }: Tenant, work: (api: ConnectionsApi) => Promise<T>): Promise<T> {
  const backend = backendOf((key) => settings[key as keyof TenantSettings] || undefined, isExplicit ? {} : process.env);
  const name = JSON.stringify(backend);
  let found = open.get(name);
  if (found === undefined) {
    const api = openBackend(backend, process.cwd(), (secret) => redactor.learnText(secret)).then((opened) => opened.api);
    open.set(name, (found = { api, users: 0 }));
  }
  found.users++;
  try {
    return await work(await found.api);
  } catch (error) {
    // An error ends up in the display, and in logs of pipelines.
    if (error instanceof Error) error.message = redactor.clean(error.message);
    throw error;
  } finally {
    if (--found.users === 0) {
      open.delete(name);
      await (await found.api).close();
    }
  }
}
