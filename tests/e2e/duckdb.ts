import { DuckDBInstance } from "@duckdb/node-api";

/** Runs SQL in a DuckDB file, which is made when it is not there. With a key the file is encrypted. */
export async function duckdb(file: string, sql: string, encryptionKey?: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const path = quote(file);
    if (encryptionKey === undefined) await connection.run(`ATTACH ${path} AS target`);
    else {
      // Files are encrypted without an extension from the network; the numbers need not be good ones here.
      await connection.run("SET force_mbedtls_unsafe = 'true'");
      await connection.run(`ATTACH ${path} AS target (ENCRYPTION_KEY ${quote(encryptionKey)})`);
    }
    await connection.run("USE target");
    await connection.run(sql);
    await connection.run("USE memory; DETACH target");
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
