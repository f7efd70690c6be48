import { backendOf } from "./backend";

const from = (config: Record<string, string>, environment: NodeJS.ProcessEnv = {}) => backendOf((key) => config[key], environment);

it.each<[object, NodeJS.ProcessEnv, object]>([
  [{}, {}, { kind: "store", store: ".connections/connections.db" }],
  [{ store: "a.db" }, { CONNECTIONS_STORE: "b.db" }, { kind: "store", store: "a.db" }],
  [{}, { CONNECTIONS_STORE: "b.db" }, { kind: "store", store: "b.db" }],
  [{ endpoint: "https://a", apiKey: "k" }, { CONNECTIONS_STORE: "b.db" }, { kind: "server", endpoint: "https://a", apiKey: "k" }],
  [
    { apiKey: "k" },
    { CONNECTIONS_ENDPOINT: "https://e", CONNECTIONS_API_KEY: "l" },
    { kind: "server", endpoint: "https://e", apiKey: "k" },
  ],
  [{}, { CONNECTIONS_ENDPOINT: "https://e", CONNECTIONS_API_KEY: "l" }, { kind: "server", endpoint: "https://e", apiKey: "l" }],
  [{ store: "a.db" }, { CONNECTIONS_ENDPOINT: "https://e", CONNECTIONS_API_KEY: "l" }, { kind: "store", store: "a.db" }],
])("%j with the environment %j means %j", (config, environment, expected) => {
  expect(from(config as Record<string, string>, environment)).toEqual(expected);
});

it("refuses a server and a store at once, and a server without a key", () => {
  expect(() => from({ endpoint: "https://a", store: "a.db" })).toThrow(/connections:endpoint and connections:store are both set/);
  expect(() => from({ endpoint: "https://a" })).toThrow(/connections:apiKey is missing for https:\/\/a/);
});
