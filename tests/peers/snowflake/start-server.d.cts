export interface SnowflakeServer {
  readonly port: number;
  /** The texts of the statements that came since this was last asked. */
  readonly statements: () => Promise<string[]>;
  readonly stop: () => Promise<void>;
}

export function startServer(python: string, options?: { accounts?: object; dbPath?: string }): Promise<SnowflakeServer>;
