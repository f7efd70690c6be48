import { isAbsolute, resolve } from "node:path";
import { z } from "zod";

/**
 * `connection` of a DuckDB connection: database name to file. The files are opened read-only. `encryptionKey` (secret)
 * opens encrypted files; one key for all of them.
 */
export const duckdbConnectionSchema = z.strictObject({
  technology: z.literal("DuckDB"),
  databases: z
    .record(z.string().min(1, "a database needs a name"), z.string().min(1, "names no file"))
    .refine((databases) => Object.keys(databases).length > 0, 'names no database; give at least one, as { name: "./file.duckdb" }'),
  encryptionKey: z.string().min(1, "is empty").optional(),
});

export type DuckdbConnection = z.infer<typeof duckdbConnectionSchema>;

export function withAbsoluteFiles(connection: DuckdbConnection, baseDirectory: string): DuckdbConnection {
  const databases = Object.entries(connection.databases).map(([name, file]) => [
    name,
    isAbsolute(file) ? resolve(file) : resolve(baseDirectory, file),
  ]);
  return { ...connection, databases: Object.fromEntries(databases) as Record<string, string> };
}
