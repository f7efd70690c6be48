import { z } from "zod";
import { addressFields, list, maybe, nameTemplateSchema, text } from "./fields";

const handlerSchema = z.looseObject({
  metadata: z.looseObject({
    ...addressFields,
    table: maybe(text),
    query: maybe(z.string()),
    dataSourceName: maybe(z.string()),
    nativeWorkspaceName: maybe(z.string()),
    staleDataTolerance: maybe(z.number()),
  }),
});

/**
 * Body of POST `/{technology}/handler` (contract: V1 payloads): `handler` is an object for one table and an array for many.
 * Columns and other facts of the table may be there and are not looked at.
 */
export const v1PayloadSchema = z.looseObject({
  handler: z.union([handlerSchema, z.array(handlerSchema).min(1, "is empty; give one handler for each table")]),
  dataSource: z.looseObject({
    blobHandlerType: maybe(z.string()),
    name: maybe(z.string()),
    description: maybe(z.string()),
    category: maybe(z.string()),
    owner: maybe(z.string()),
    columnEvolutionEnabled: maybe(z.boolean()),
  }),
  /** Schema monitoring is on where `disabled` is false. */
  schemaEvolution: maybe(
    z.looseObject({
      ownerProfileId: maybe(z.int()),
      disabled: maybe(z.boolean()),
      schemas: list(text),
      config: maybe(z.looseObject({ nameTemplate: maybe(nameTemplateSchema) })),
    }),
  ),
  policyRules: maybe(z.unknown()),
});

export type V1Payload = z.infer<typeof v1PayloadSchema>;
export type V1Handler = z.infer<typeof handlerSchema>;

/** Body of PUT `/{technology}/bulk` (contract: related V1 calls): new metadata for many data sources at once. */
export const v1BulkSchema = z.looseObject({
  ids: maybe(z.array(z.int())),
  connectionString: maybe(z.string()),
  handler: z.looseObject({ metadata: z.looseObject(addressFields) }),
  schemaEvolution: maybe(z.looseObject({ disabled: maybe(z.boolean()) })),
});
