import type { Kysely, Migration } from "kysely";

/** Users, groups and API keys. Ids are never used again: settings keep naming principals that are gone. */
export const identity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("identity_user")
      .addColumn("user_id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("name", "text", (column) => column.notNull().unique())
      .addColumn("email", "text")
      .addColumn("permissions", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("identity_group")
      .addColumn("group_id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("name", "text", (column) => column.notNull().unique())
      .execute();
    await db.schema
      .createTable("identity_member")
      .addColumn("user_id", "integer", (column) => column.notNull())
      .addColumn("group_id", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("identity_member_key", ["user_id", "group_id"])
      .execute();
    await db.schema
      .createTable("api_key")
      .addColumn("key_id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("user_id", "integer", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("secret_hash", "text", (column) => column.notNull())
      .addColumn("is_from_environment", "integer", (column) => column.notNull())
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("expires_at", "text")
      .addColumn("revoked_at", "text")
      .addColumn("last_used_at", "text")
      .execute();
  },
};
