import { z } from "zod";

/** A name or address that may not be empty. */
export const text = z.string().min(1, "is empty");

/** A field that is left out or null: exported files write null for what was never set. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);

/** A list that may be left out, null, or hold one element without its brackets. */
export const list = <Schema extends z.ZodType>(element: Schema) =>
  z.preprocess((value) => (value === undefined || value === null ? [] : value), z.array(element));

/** One uploaded file of a payload; `content` is base64. Exports of the vendor's Terraform provider name the fields `key` and `fileName`. */
export const userFileSchema = z.looseObject({
  keyName: maybe(z.string()),
  key: maybe(z.string()),
  userFilename: maybe(z.string()),
  fileName: maybe(z.string()),
  content: z.string(),
});

/** How the old way of registering names one platform account and logs in to it: the same fields in V1 and V2. */
export const addressFields = {
  hostname: maybe(text),
  port: maybe(z.coerce.number("expected a port from 0 to 65535").int().min(0).max(65_535)),
  ssl: maybe(z.boolean()),
  database: maybe(text),
  schema: maybe(text),
  warehouse: maybe(text),
  httpPath: maybe(text),
  connectionStringOptions: maybe(z.string()),
  authenticationMethod: maybe(z.string()),
  username: maybe(z.string()),
  password: maybe(z.string()),
  userFiles: list(userFileSchema),
  useCertificate: maybe(z.boolean()),
  clientId: maybe(z.string()),
  clientSecret: maybe(z.string()),
  scope: maybe(z.string()),
  authorityUrl: maybe(z.string()),
  audience: maybe(z.string()),
  resource: maybe(z.string()),
  publicCertificateThumbprint: maybe(z.string()),
};

export type AddressFields = z.infer<z.ZodObject<typeof addressFields>>;

/** Placeholders `<database>`, `<schema>` and `<tablename>`; a placeholder's letter case is that of the name it makes. */
export const nameTemplateSchema = z.looseObject({
  dataSourceFormat: maybe(z.string()),
  nameFormat: maybe(z.string()),
  tableFormat: maybe(z.string()),
  schemaFormat: maybe(z.string()),
  sqlSchemaNameFormat: maybe(z.string()),
  schemaProjectNameFormat: maybe(z.string()),
});
