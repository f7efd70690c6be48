import { existsSync } from "node:fs";
import { BadRequestError, NotFoundError } from "../model/errors";
import { copyStore } from "../store/copy/copy-store";
import { isPostgresAddress } from "../store/open-store";
import { createSecretBox } from "./secret-box";
import { secretKeys } from "./secret-keys";

export interface CopyLocalOptions {
  /** The file of an embedded store, which is left as it was. */
  readonly from: string;
  /** The address of an empty database. */
  readonly to: string;
  readonly onTable?: (table: string, rows: number) => void;
}

/**
 * Moves an embedded store into PostgreSQL; see `copyStore`. Secrets are read with the key file beside the store, and encrypted under
 * CONNECTIONS_SECRET_KEY, which the servers of the new store share.
 * @throws NotFoundError, BadRequestError, StoreError
 */
export async function copyLocal(
  { from, to, onTable }: CopyLocalOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly rows: number }> {
  if (!isPostgresAddress(to)) throw new BadRequestError("to: expected an address as postgres://user@host:5432/database", { field: "to" });
  if (isPostgresAddress(from) || !existsSync(from))
    throw new NotFoundError(`from: ${from} is no file; name the file of a store`, { field: "from" });
  const keyFile = `${from}.key`;
  const source = createSecretBox(() => secretKeys(keyFile, existsSync(keyFile) ? {} : environment).load(false));
  const target = createSecretBox(() => secretKeys(undefined, environment).load(true));
  // Before anything is copied: a key that is missing is said at once.
  target.seal("");
  return copyStore({
    ...{ from, to, ...(onTable && { onTable }) },
    reseal: (sealed) => target.seal(source.open(sealed)),
    openSource: (sealed) => source.open(sealed),
    openTarget: (sealed) => target.open(sealed),
  });
}
