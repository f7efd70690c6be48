import { ConnectionsError, StoreError, messageOf } from "../../model/errors";

/** Lost connections, servers that start or stop, and ones that only read because another took over. */
const LOST = /^(08...|57P0[123]|53300|25006|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** The driver's own words have no code. */
const LOST_WORDS = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;
/** Another transaction came first, as the databases say it: serialization failure, deadlock. */
const CONFLICT = /^(40001|40P01)$/;

export type Trouble = "lost" | "conflict" | "other";

export function troubleOf(error: unknown): Trouble {
  const code = codeOf(error);
  if (CONFLICT.test(code)) return "conflict";
  return LOST.test(code) || LOST_WORDS.test(messageOf(error)) ? "lost" : "other";
}

export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

/** What went wrong, in words that say what to do. */
export function postgresError(name: string, error: unknown): ConnectionsError {
  if (error instanceof ConnectionsError) return error;
  const code = codeOf(error);
  const advice = (text: string) => new StoreError(`store ${name}: ${text} (${messageOf(error)})`, { cause: error });
  if (troubleOf(error) === "lost")
    return advice("cannot be reached; check that the database is up and can be reached from here, and try again");
  if (troubleOf(error) === "conflict") return advice("others wrote the same things all the time; nothing was written. Try again");
  switch (code) {
    case "28P01":
    case "28000":
      return advice("refused the login; check user and password in its address, and the server's pg_hba.conf");
    case "3D000":
      return advice("there is no such database; create it, or correct the address");
    case "42501":
      return advice("the user may not do this; let it own the database's schema");
    case "57014":
      return advice(
        "a statement took too long and was stopped; nothing was written. Raise statement_timeout_seconds in the address, or try again",
      );
    case "55P03":
      return advice("somebody else held what was to be written for too long; nothing was written. Try again");
    case "53100":
      return advice("the database's disk is full; nothing was written. Make room and try again");
    default:
      return advice(/certificate|SSL|TLS/i.test(messageOf(error)) ? "TLS failed; check sslmode and sslrootcert in its address" : "failed");
  }
}
