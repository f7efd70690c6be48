import fc from "fast-check";
import type { ConnectionsApi, ObjectQuery } from "../../../sdk/model/connections-api";
import type { DataObject, ListedObject } from "../../../sdk/model/data-object";
import { objectNotFound } from "../../../sdk/model/object-not-found";
import { parseObjectPath, type ObjectPath } from "../../../sdk/model/object-path";
import { compareBytes, toPathKey } from "../../../sdk/model/path-key";
import { account } from "../../../tests/support/memory-platform";
import { created } from "../../../tests/support/hooks";
import { lookUpObjects } from "./object-lookup";
import { objectSettingKind } from "./object-setting-kind";
import { createRuntime } from "./runtime";

/** A server with these objects of one connection, which notes its requests. */
function server(paths: readonly ObjectPath[]) {
  const keys = paths.map(toPathKey).sort(compareBytes);
  const byKey = new Map(paths.map((objectPath) => [toPathKey(objectPath), { objectPath, objectType: "table", state: "active" }]));
  const requests: string[] = [];
  return {
    requests,
    async getObject(path: ObjectPath) {
      requests.push("object");
      const found = byKey.get(toPathKey(path));
      if (found === undefined) throw objectNotFound(path, path.length - 1);
      return found as unknown as DataObject;
    },
    async listObjects(_root: ObjectPath, { after = "", size = 25 }: ObjectQuery = {}) {
      requests.push("page");
      const rest = keys.filter((key) => compareBytes(key, toPathKey(parseObjectPath(after))) > 0);
      const hits = rest.slice(0, size).map((key) => byKey.get(key) as unknown as ListedObject);
      return { hits, next: rest.length >= size ? hits.at(-1)!.objectPath.join("/") : null };
    },
  };
}

const name = fc.constantFrom("a", "b", "ab", "ü", "\u{1F600}", "\uFFEE", "A");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => ["w", ...names]);

it("answers what the server would, for any paths in any order, with pages of any size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(path, { selector: toPathKey, maxLength: 40 }),
      fc.array(path, { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      async (registered, asked, page, inOnePage) => {
        const look = lookUpObjects(server(registered), "w", inOnePage, page);
        const known = new Set(registered.map(toPathKey));
        for (const one of asked) expect((await look(one)) !== undefined).toBe(known.has(toPathKey(one)));
      },
    ),
  );
});

it("reads each page once, however many are asked for, at once or one by one", async () => {
  const tables = Array.from({ length: 1_000 }, (_, index) => ["w", "db", "s", `t${index}`]);
  const api = server([["w", "db"], ["w", "db", "s"], ...tables]);
  const look = lookUpObjects(api, "w", false, 100);
  for (const table of tables) expect(await look(table)).toMatchObject({ objectType: "table" });
  expect(api.requests.filter((one) => one === "object")).toHaveLength(4);
  expect(api.requests.filter((one) => one === "page").length).toBeLessThanOrEqual(11);

  const parallel = server(tables);
  const lookAtOnce = lookUpObjects(parallel, "w", true, 10_000);
  await Promise.all(tables.map((table) => lookAtOnce(table)));
  expect(parallel.requests.filter((one) => one === "page")).toHaveLength(1);
});

it("lets a preview and a refresh of a thousand statuses do with a handful of requests", async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `t${index}`);
  const { api, parts, messages } = await created(account({ sales: { main: names } }));
  const requests: string[] = [];
  const counted = new Proxy(api, {
    get: (target, key: keyof ConnectionsApi) => {
      requests.push(key);
      return Reflect.get(target, key) as unknown;
    },
  });
  const runtime = () => createRuntime({ ...parts, api: counted });
  const status = objectSettingKind("isActive");
  const statuses = names.map((table) => ({ objectPath: ["warehouse", "sales", "main", table], isActive: true }));

  const first = runtime();
  for (const one of statuses) expect((await status.check(first, undefined, one)).failures).toEqual([]);
  expect(messages.filter((message) => message.includes("there is no"))).toEqual([]);
  await status.check(first, undefined, { objectPath: ["warehouse", "sales", "mian", "t1"], isActive: true });
  expect(messages.at(-1)).toMatch(/there is no schema "mian" in warehouse\/sales/);
  expect(requests.length).toBeLessThan(10);

  const outputs = await Promise.all(statuses.map((one) => status.create(runtime(), one)));
  requests.length = 0;
  const second = runtime();
  for (const one of statuses) expect((await status.check(second, one, one)).drift).toEqual([]);
  expect(requests).toEqual(["getConnection", "listOverrides"]);
  const read = await Promise.all(outputs.map((one) => status.read(second, one.id, one.outputs)));
  expect(read.map((one) => one?.outputs)).toEqual(outputs.map((one) => one.outputs));
  expect(requests.length).toBeLessThan(10);
});
