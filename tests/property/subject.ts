import type { Engine } from "../../sdk/engine/engine";
import type { DataObject } from "../../sdk/model/data-object";
import { changeCount, type SyncPlan } from "../../sdk/model/sync-plan";
import type { Settings } from "../../sdk/model/settings";
import { register, testEngine, type TestEngine } from "../support/engine";
import { table } from "../support/memory-platform";
import { describeObject, parentOf, ReferenceModel, type ModelPlan, type Platform } from "./reference-model";
import type { Step, SyncStep } from "./steps";

const FILL = 12;

/** The engine beside the model: whatever is done is done to both, and compared. */
export class Subject {
  readonly #engine: TestEngine;
  #model = new ReferenceModel();
  #api: Engine;

  /** @param isSpread whether syncs go through the queue of a store that has one: then they outlive the engine that began them. */
  private constructor(private readonly isSpread: boolean) {
    this.#engine = testEngine(new Map(), { isSpread });
    this.#api = this.#engine.api;
  }

  static async registered(tables: readonly string[], settings: Settings, { isSpread = false } = {}): Promise<Subject> {
    const subject = new Subject(isSpread);
    for (const path of tables) subject.#appear(path);
    const plan = await register(subject.#api, settings, "w");
    expectSame(plan, subject.#model.register(settings, { platform: subject.#platform(), recursive: true, allowMassRemoval: false }));
    return subject;
  }

  async do(step: Step): Promise<void> {
    switch (step.kind) {
      case "appear":
        return this.#appear(step.path);
      case "fill":
        for (let index = 0; index < FILL; index++) this.#appear(`${step.path}/${index}`);
        return;
      case "alter":
        return this.#alter(step.path, table(step.columns, step.isView ? "view" : "table"));
      case "vanish":
        return this.#vanish(step.path);
      case "loseGrants":
        for (const path of step.databases) this.#vanish(path);
        return;
      case "restart":
        return this.#restart();
      case "sync":
        // A sync may start at a new object, but not beneath one.
        if (step.path !== "w" && !this.#model.objects.has(parentOf(step.path))) return;
        return step.fault?.kind === "crash" ? this.#crash(step, step.fault) : this.#sync(step);
      case "set":
      case "delete":
        if (!this.#model.objects.has(step.path)) {
          await expect(this.#api.getObject(step.path.split("/"))).rejects.toMatchObject({ statusCode: 404 });
        } else if (step.kind === "set") {
          await this.#api.updateSettings(step.path.split("/"), step.patch);
          this.#model.set(step.path, step.patch);
        } else {
          await this.#api.deleteObject(step.path.split("/"));
          this.#model.delete(step.path);
        }
    }
  }

  /** Everything that can be read is as the model says. */
  async check(): Promise<void> {
    const objects = await this.#objects();
    expect(await this.describe(objects)).toEqual(this.#model.describe());
    for (const { objectPath, settings } of objects) {
      const path = objectPath.join("/");
      for (const setting of ["dataOwners", "infrastructureAdmins"] as const) {
        expect(settings[setting].value.map(({ type, id }) => `${type} ${id}`)).toEqual(this.#model.principals(path, setting));
      }
      expect(settings.activateNewChildren.value).toBe(this.#model.effective(path, "activateNewChildren"));
    }
    const present = objects.filter(({ missingSince }) => missingSince === null);
    const active = present.filter(({ objectPath, state }) => objectPath.length === 4 && state === "active");
    const { hits } = await this.#api.listDataSources(["w"], { size: 1_000 });
    expect(hits.map(({ objectPath }) => objectPath.join("/")).sort()).toEqual(active.map(({ objectPath }) => objectPath.join("/")).sort());
    const ofDepth = (depth: number) => present.filter(({ objectPath }) => objectPath.length === depth).length;
    expect(await this.#api.countObjects(["w"])).toEqual({
      databases: ofDepth(2),
      schemas: ofDepth(3),
      tables: ofDepth(4),
      dataSources: active.length,
      missing: objects.length - present.length,
    });
  }

  /** Every object that is registered, in words. */
  async describe(objects?: readonly DataObject[], top = "w"): Promise<string[]> {
    return (objects ?? (await this.#objects(top)))
      .map(({ objectPath, missingSince, overrides, state, objectType, columns = [] }) =>
        describeObject({
          path: objectPath.join("/"),
          missing: missingSince !== null,
          own: overrides,
          content: objectPath.length === 4 ? contentOf(objectType, columns) : "",
          isActive: state === "active",
        }),
      )
      .sort((a, b) => (a.split(" ")[0]! < b.split(" ")[0]! ? -1 : 1));
  }

  /** Compares the dry run, the sync, and the dry run after it with each other and with the model. */
  async #sync({ path, recursive, allowMassRemoval, fault }: SyncStep): Promise<void> {
    const options = { forceRecursiveCrawl: recursive };
    const failing = fault && { database: fault.database, batch: fault.batch };
    const objectPath = path.split("/");
    this.#breakOff(failing);
    const plan = await this.#api.planSync(objectPath, options);
    expectSame(plan, this.#model.copy().sync(path, { platform: this.#platform(), recursive, allowMassRemoval: false, failure: failing }));

    this.#breakOff(failing);
    const { bulkId } = await this.#api.crawl(objectPath, { ...options, allowMassRemoval });
    const [job] = await this.#api.waitForJobs(bulkId);
    const done = job!.output!.plan!;
    if (!allowMassRemoval) expect(done).toEqual(plan);
    expectSame(done, this.#model.sync(path, { platform: this.#platform(), recursive, allowMassRemoval, failure: failing }));
    expect(job!.state).toBe(done.failed.length === 0 ? "completed" : "failed");

    this.#breakOff(failing);
    const after = await this.#api.planSync(objectPath, options);
    expect({ changes: changeCount(after.counts), held: after.held }).toEqual({ changes: 0, held: done.held });
    this.#breakOff(undefined);
  }

  /** Closes the engine in the middle of a sync: every database is as before or as after it. */
  async #crash({ path, recursive, allowMassRemoval }: SyncStep, { database, batch }: NonNullable<SyncStep["fault"]>): Promise<void> {
    let seen = 0;
    const reached = new Promise<void>((resolve) => {
      this.#engine.platform.onBatch = (name) => void (`w/${name}` === database && ++seen === batch && resolve());
    });
    const { bulkId } = await this.#api.crawl(path.split("/"), { forceRecursiveCrawl: recursive, allowMassRemoval });
    await Promise.race([reached, this.#api.waitForJobs(bulkId)]);
    await this.#restart();
    this.#engine.platform.onBatch = () => undefined;

    const after = this.#model.copy();
    after.sync(path, { platform: this.#platform(), recursive, allowMassRemoval });
    if (this.isSpread) await this.#takeOn(bulkId);
    const [job] = await this.#api.getJobs(bulkId);
    expect(this.isSpread ? ["completed"] : ["completed", "cancelled"]).toContain(job!.state);
    if (job!.state === "completed") this.#model = after;
    else {
      const databases = new Set([...after.objects.keys()].filter((one) => one.split("/").length === 2));
      for (const one of databases) {
        const actual = this.#model.objects.has(one) || (await this.#isRegistered(one)) ? await this.describe(undefined, one) : [];
        const choices = [this.#model.describe(one), after.describe(one)];
        expect(choices).toContainEqual(actual);
        if (JSON.stringify(actual) !== JSON.stringify(choices[0])) {
          for (const [key, object] of after.objects) if (key === one || key.startsWith(`${one}/`)) this.#model.objects.set(key, object);
        }
      }
    }
    await this.check();
  }

  #breakOff(failure: { database: string; batch: number } | undefined): void {
    let seen = 0;
    this.#engine.platform.onBatch = (name) => {
      if (`w/${name}` === failure?.database && ++seen === failure.batch) throw new Error("connection reset");
    };
  }

  /** An engine of a queue holds many connections. */
  close(): Promise<void> {
    return this.#api.close();
  }

  async #restart(): Promise<void> {
    await this.#api.close();
    this.#api = this.#engine.reopen();
  }

  /** What another engine began goes on in one that keeps the schedule. */
  async #takeOn(bulkId: string): Promise<void> {
    const stop = new AbortController();
    const keeping = this.#api.schedule.keep(stop.signal);
    await this.#api.waitForJobs(bulkId);
    stop.abort();
    await keeping;
  }

  async #isRegistered(path: string): Promise<boolean> {
    const { hits } = await this.#api.searchObjects(path.split("/").slice(0, -1), { size: 1_000 });
    return hits.some(({ objectPath }) => objectPath.join("/") === path);
  }

  async #objects(top = "w"): Promise<DataObject[]> {
    const own = await this.#api.getObject(top.split("/"), { columns: true });
    const { hits } = await this.#api.searchObjects(top.split("/"), { size: 1_000 });
    const beneath: DataObject[] = [own];
    for (const { objectPath } of hits) beneath.push(...(await this.#objects(objectPath.join("/"))));
    return beneath;
  }

  /** The platform as the model sees it. */
  #platform(): Platform {
    const paths = new Map<string, string>();
    for (const [database, schemas] of this.#engine.platform.account) {
      paths.set(`w/${database}`, "");
      for (const [schema, tables] of schemas) {
        paths.set(`w/${database}/${schema}`, "");
        for (const [name, { objectType, columns }] of tables) paths.set(`w/${database}/${schema}/${name}`, contentOf(objectType, columns));
      }
    }
    return paths;
  }

  #appear(path: string): void {
    const { account } = this.#engine.platform;
    const [, database, schema, name] = path.split("/") as [string, string, string, string];
    if (!account.has(database)) account.set(database, new Map());
    const schemas = account.get(database)!;
    if (!schemas.has(schema)) schemas.set(schema, new Map());
    if (!schemas.get(schema)!.has(name)) schemas.get(schema)!.set(name, table());
  }

  #alter(path: string, to: ReturnType<typeof table>): void {
    const [, database, schema, name] = path.split("/") as [string, string, string, string];
    const tables = this.#engine.platform.account.get(database)?.get(schema);
    if (tables?.has(name)) tables.set(name, to);
  }

  #vanish(path: string): void {
    const { account } = this.#engine.platform;
    const [, database, schema, name] = path.split("/");
    if (database === undefined) account.clear();
    else if (schema === undefined) account.delete(database);
    else if (name === undefined) account.get(database)?.delete(schema);
    else account.get(database)?.get(schema)?.delete(name);
  }
}

function contentOf(objectType: string, columns: readonly { readonly name: string }[]): string {
  return `${objectType}(${columns.map(({ name }) => name).join()})`;
}

function expectSame(plan: SyncPlan, model: ModelPlan): void {
  const paths = (databases: SyncPlan["held"] | SyncPlan["failed"]) => databases.map(({ objectPath }) => objectPath.join("/"));
  expect({ counts: plan.counts, held: paths(plan.held), failed: paths(plan.failed) }).toEqual(model);
}
