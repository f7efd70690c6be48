const ADDRESS = /^([\w.-]+):(\d+)$/;

/** Where the Pulumi engine listens: the last argument of a provider process, as `127.0.0.1:41234`. */
export interface EngineAddress {
  readonly text: string;
  readonly host: string;
  readonly port: number;
}

/** Undefined where there is no engine. */
export function engineAddress(): EngineAddress | undefined {
  const text = process.argv[process.argv.length - 1] ?? "";
  const [, host, port] = ADDRESS.exec(text) ?? [];
  return host === undefined ? undefined : { text, host, port: Number(port) };
}
