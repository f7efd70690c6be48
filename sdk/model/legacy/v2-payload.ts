import { z } from "zod";
import { addressFields, list, maybe, nameTemplateSchema, text } from "./fields";

const ownerSchema = z.looseObject({ type: z.enum(["user", "group"]), name: text, iam: maybe(z.string()) });

const tagsSchema = z.looseObject({
  table: list(z.string()),
  columns: list(z.looseObject({ columnName: z.string(), tags: list(z.string()) })),
});

const sourceSchema = z
  .looseObject({
    table: maybe(text),
    schema: maybe(text),
    query: maybe(text),
    all: maybe(z.boolean()),
    naming: maybe(z.looseObject({ datasource: maybe(z.string()), table: maybe(z.string()), schema: maybe(z.string()) })),
    tags: maybe(tagsSchema),
    owners: list(ownerSchema),
  })
  .refine((source) => source.table !== undefined || source.query !== undefined || source.all === true, {
    error: "names nothing; give it a table, a query or all: true",
  });

/**
 * Body of POST `/api/v2/data` (contract: V2 payloads). Without `sources`, or with `all: true` among them, it stands for every
 * table that the connection sees, in its schema or else its database. An unknown field beside these is refused: a misspelt
 * `sources` would register everything.
 */
export const v2PayloadSchema = z.strictObject({
  connectionKey: text,
  connection: z.looseObject({ handler: text, ...addressFields }),
  nameTemplate: maybe(nameTemplateSchema),
  options: maybe(
    z.looseObject({
      staleDataTolerance: maybe(z.number()),
      disableSensitiveDataDiscovery: maybe(z.boolean()),
      hardDelete: maybe(z.boolean()),
      tableTags: list(z.string()),
    }),
  ),
  owners: list(ownerSchema),
  sources: maybe(z.array(sourceSchema)),
});

export type V2Payload = z.infer<typeof v2PayloadSchema>;
