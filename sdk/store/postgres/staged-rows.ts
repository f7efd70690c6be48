import { randomUUID } from "node:crypto";
import { StoreError } from "../../model/errors";
import type { PoolClient } from "pg";
import type { Trx } from "../queries/database";
import { copyRows, type CopyValue } from "./copy";
import type { PostgresAccess } from "./access";

/** Rows gathered here before they are sent: a COPY has a price of its own. */
const ROWS_PER_COPY = 5_000;
const CHARACTERS_PER_COPY = 8_000_000;
/** No sync of a database takes that long; what is older was left by a process that is gone. */
const LEFT_OVER_MILLISECONDS = 2 * 24 * 3_600_000;

export interface StagedRows {
  readonly id: string;
  add(rows: readonly (readonly CopyValue[])[]): Promise<void>;
  /** Runs work on all that was added, and removes it, in one transaction beside others of the connection. */
  use<T>(connectionKey: string, work: (trx: Trx) => Promise<T>): Promise<T | "used before">;
  discard(): Promise<void>;
}

/** Rows in a table of the store that everybody shares, told apart by the id of the stage. @param columns without `stage_id`. */
export function openStagedRows(access: PostgresAccess, table: "staged_object" | "staged_tag", columns: readonly string[]): StagedRows {
  const id = `${new Date().toISOString()}_${randomUUID()}`;
  const target = `${table} (stage_id,${columns.map((name) => `"${name}"`).join()})`;
  let waiting: (readonly CopyValue[])[] = [];
  let characters = 0;
  let sent = 0;

  return {
    id,
    async add(rows) {
      for (const row of rows) {
        waiting.push([id, ...row]);
        for (const value of row) characters += typeof value === "string" ? value.length : 8;
      }
      if (waiting.length >= ROWS_PER_COPY || characters >= CHARACTERS_PER_COPY) await send();
    },
    async use(connectionKey, work) {
      await send();
      const sentRows = sent;
      return discardOnFailure(
        access.writeMuch(connectionKey, "others", async (trx) => {
          const there = await countRows(trx);
          // The transaction that used them was committed, and the answer got lost.
          if (there === 0 && sentRows > 0) return "used before";
          if (there !== sentRows)
            throw new StoreError(
              `${sentRows - there} of ${sentRows} changes that were gathered are gone; nothing was written. Run the sync again`,
            );
          const result = await work(trx);
          await remove(trx);
          return result;
        }),
      );
    },
    discard,
  };

  async function discard(): Promise<void> {
    waiting = [];
    await access.write(async (trx) => {
      await remove(trx);
      const old = new Date(Date.now() - LEFT_OVER_MILLISECONDS).toISOString();
      await trx.deleteFrom(table).where("stage_id", "<", old).execute();
    });
  }

  async function discardOnFailure<T>(using: Promise<T>): Promise<T> {
    try {
      return await using;
    } catch (error) {
      // What cannot be removed now is removed as left over; why it failed is what matters.
      await discard().catch(() => undefined);
      throw error;
    }
  }

  async function send(): Promise<void> {
    if (waiting.length === 0) return;
    const rows = waiting;
    await access.copy(async (client, isAgain) => {
      const arrived = isAgain ? await countArrived(client) : sent;
      if (arrived === sent) await copyRows(client, target, rows);
    });
    sent += rows.length;
    waiting = [];
    characters = 0;
  }

  /** A COPY that was committed, but whose answer got lost, must not be sent twice. */
  async function countArrived(client: PoolClient): Promise<number> {
    const { rows } = await client.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${table} WHERE stage_id = $1`, [id]);
    return rows[0]!.rows;
  }

  async function countRows(trx: Trx): Promise<number> {
    const { rows } = await trx
      .selectFrom(table)
      .where("stage_id", "=", id)
      .select((eb) => eb.fn.countAll<number>().as("rows"))
      .executeTakeFirstOrThrow();
    return Number(rows);
  }

  async function remove(trx: Trx): Promise<void> {
    await trx.deleteFrom(table).where("stage_id", "=", id).execute();
  }
}
