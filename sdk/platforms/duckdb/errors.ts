import { PlatformError, messageOf } from "../../model/errors";
import { redact } from "../../model/secret-fields";

/** What DuckDB said about one file, in words that name the field and say what to do. */
export function duckdbError(error: unknown, database: string, file: string, encryptionKey: string | undefined): PlatformError {
  if (error instanceof PlatformError) return error;
  const text = redact(messageOf(error), encryptionKey === undefined ? [] : [encryptionKey]);
  const field = `connection.databases.${database}`;
  const because = (what: string) => new PlatformError(`${field}: ${file} ${what} (DuckDB: ${firstLine(text)})`, { field });
  if (/database does not exist|No such file/i.test(text))
    return because("does not exist; name a DuckDB file, relative to the program's folder");
  if (/not a valid DuckDB database/i.test(text)) return because("is not a DuckDB database; name another file");
  if (/Wrong encryption key/i.test(text)) return because("is encrypted with another key; correct connection.encryptionKey");
  if (/without a key/i.test(text)) return because("is encrypted; set connection.encryptionKey");
  if (/not encrypted/i.test(text)) return because("is not encrypted; leave out connection.encryptionKey");
  if (/set lock on file/i.test(text)) return because("is open for writing in another process; close it there and try again");
  if (/Permission denied/i.test(text)) return because("may not be read by this user; change its permissions");
  return because("cannot be read");
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}
