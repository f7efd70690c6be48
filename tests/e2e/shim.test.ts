import { execute, root } from "./harness";

/** What lies in the state of every resource that was ever made: old texts live on there, so a change needs a reason. */
const pinned = (kind: string) => `exports.handler = __f0;

var __provider = {configure: __f1, check: __f2, diff: __f3, create: __f4, read: __f5, update: __f6, delete: __f7};

function __f1(__0) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (request) => import("pulumi-connections/hooks").then((m) => m.${kind}.configure(request));

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f2(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (olds, news) => import("pulumi-connections/hooks").then((m) => m.${kind}.check(olds, news));

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f3(__0, __1, __2) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.${kind}.diff(id, olds, news));

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f4(__0) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (inputs) => import("pulumi-connections/hooks").then((m) => m.${kind}.create(inputs));

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f5(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, props) => import("pulumi-connections/hooks").then((m) => m.${kind}.read(id, props));

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f6(__0, __1, __2) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, olds, news) => import("pulumi-connections/hooks").then((m) => m.${kind}.update(id, olds, news));

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f7(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, props) => import("pulumi-connections/hooks").then((m) => m.${kind}.delete(id, props));

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f0() {
  return (function() {
    with({ provider: __provider, this: undefined, arguments: undefined }) {

return () => provider;

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;

/** In a process of its own, as a program does it: a test runner may rewrite functions. */
const SERIALIZE = `
  const pulumi = require("@pulumi/pulumi");
  const texts = Object.entries(require("./dist/provider/shim.js")).map(async ([name, provider]) => {
    const { text } = await pulumi.runtime.serializeFunction(() => provider);
    return [name, text];
  });
  Promise.all(texts).then((all) => console.log(JSON.stringify(Object.fromEntries(all))));`;

const KINDS = [
  "connection",
  "objectStatus",
  "activationSetting",
  "objectStatuses",
  "objectOwners",
  "governanceRules",
  "legacyRegistration",
];

describe("the text of the hooks in the state", () => {
  let texts: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const { code, stdout } = await execute(process.execPath, ["-e", SERIALIZE], root, process.env);
    expect(code).toBe(0);
    texts = JSON.parse(stdout) as Record<string, string>;
  });

  it("belongs to each kind of resource", () => {
    expect(Object.keys(texts)).toEqual(KINDS.map((kind) => `${kind}Provider`));
  });

  it.each(KINDS)("of %s is what it always was", (kind) => {
    expect(texts[`${kind}Provider`]).toBe(pinned(kind));
  });

  it.each(KINDS)("of %s is small and holds no path and no value", (kind) => {
    const text = texts[`${kind}Provider`]!;
    expect(Buffer.byteLength(text)).toBeLessThan(2_400);
    expect(text.replaceAll('"pulumi-connections/hooks"', "")).not.toMatch(/[/\\]|node_modules|require/);
    // What a function captures stands in its scope.
    const captured = [...text.matchAll(/with\(\{ (.*) \}\)/g)].map(([, scope]) => scope);
    const nothing = "this: undefined, arguments: undefined";
    expect(new Set(captured)).toEqual(new Set([nothing, `provider: __provider, ${nothing}`]));
  });
});
