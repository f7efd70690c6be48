/** What the driver or the package sends: the Thrift message or HTTP method, the path without its query, and the statement of a query. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly statement: string;
}

/** What becomes of a request: a statement that fails with a text, another answer, no answer, or a connection that breaks off. */
export type Disturbance =
  | { readonly fails: string }
  | { readonly status: number; readonly body?: object | string; readonly headers?: Record<string, string> }
  | { readonly hang: true }
  | { readonly drop: true };

/** A catalog as `GET /api/2.1/unity-catalog/catalogs` shows it. */
export interface RestCatalog {
  readonly name: string;
  readonly catalog_type?: string;
  readonly isolation_mode?: string;
}

export interface Bridge {
  readonly port: number;
  readonly httpPath: string;
  /** Access tokens that are taken. */
  readonly tokens: Set<string>;
  /** Client ids that tokens are issued to at `/oidc/v1/token`, with their secrets. */
  readonly clients: Record<string, string>;
  catalogs: readonly RestCatalog[];
  /** Undefined for one that is gone. */
  warehouse: { readonly state: string } | undefined;
  /** Everything that was sent but tokens asked for, in order. */
  readonly sent: Sent[];
  /** Decides on each request; nothing is disturbed at first. */
  disturb: (sent: Sent) => Disturbance | undefined;
  stop(): Promise<void>;
}

/** Where the server's parts are: what server/main.mjs answers. */
export interface ServerParts {
  readonly spark: number;
  readonly postgres: { readonly port: number; readonly user: string; readonly programs: string };
  readonly pfx: string;
  readonly passphrase: string;
  /** PEM. */
  readonly authority: string;
}

export function startBridge(parts: ServerParts): Promise<Bridge>;
