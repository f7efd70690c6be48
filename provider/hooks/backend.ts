import { BadRequestError } from "../../sdk/model/errors";

/** Relative to the program's folder. */
const DEFAULT_STORE = ".connections/connections.db";

/** What a stack's resources are registered in: a store, by the engine in this process, or a server. */
export type Backend =
  { readonly kind: "store"; readonly store: string } | { readonly kind: "server"; readonly endpoint: string; readonly apiKey: string };

/**
 * The stack's configuration counts before the environment, and names one of both.
 * @param config the value of a key in the namespace `connections`.
 * @throws BadRequestError naming the key that is wrong.
 */
export function backendOf(config: (key: string) => string | undefined, environment: NodeJS.ProcessEnv): Backend {
  const [endpoint, store] = [config("endpoint"), config("store")];
  if (endpoint !== undefined && store !== undefined) {
    throw new BadRequestError("connections:endpoint and connections:store are both set; keep one: a server, or a store of your own", {
      field: "connections:endpoint",
    });
  }
  const fromEnvironment = store === undefined ? environment["CONNECTIONS_ENDPOINT"] || undefined : undefined;
  const address = endpoint ?? fromEnvironment;
  if (address === undefined) return { kind: "store", store: store ?? (environment["CONNECTIONS_STORE"] || DEFAULT_STORE) };
  const apiKey = config("apiKey") ?? (environment["CONNECTIONS_API_KEY"] || undefined);
  if (apiKey !== undefined) return { kind: "server", endpoint: address, apiKey };
  throw new BadRequestError(
    `connections:apiKey is missing for ${address}; set it (pulumi config set --secret connections:apiKey), or CONNECTIONS_API_KEY`,
    { field: "connections:apiKey" },
  );
}
