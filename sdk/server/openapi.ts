import { z } from "zod";
import * as answers from "../model/wire/responses";
import type { Route } from "./route";

type Json = Record<string, unknown>;

/** Statuses that any call may answer beside its own (contract: status codes and error bodies). */
const ERRORS: Readonly<Record<string, string>> = {
  400: "The request is wrong; `field` names where",
  401: "No valid credentials",
  403: "The caller lacks the right",
  404: "No such connection, object or job",
  405: "The path has no such method; `Allow` names those that it has",
  409: "The request contradicts what is registered",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "The platform refused or could not be read",
  429: "Too many failed logins; `Retry-After` says when to try again",
  500: "Something unexpected",
  503: "The store cannot be used now",
};

const SCHEMAS = "#/components/schemas/";

const PARAMETERS: Readonly<Record<string, Json>> = {
  objectPath: {
    name: "objectPath",
    in: "path",
    required: true,
    description: "One to four names from the connection down, each percent-encoded, joined by `/`",
    schema: { type: "string", minLength: 1 },
    "x-multi-segment": true,
  },
  connectionKey: { name: "connectionKey", in: "path", required: true, schema: { type: "string", minLength: 1 } },
};

/** The OpenAPI 3.1 document of some routes, made from the schemas that check them. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const one of routes) {
    const places = [...one.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    (paths[one.path] ??= {})[one.method.toLowerCase()] = {
      summary: one.summary,
      tags: [one.tag],
      operationId: operationId(one),
      parameters: [...places.map((place) => PARAMETERS[place] ?? pathParameter(place, one.params)), ...queryParameters(one.query)],
      ...(one.body && {
        requestBody: { required: !one.body.safeParse(undefined).success, content: json(schemaOf(one.body, "input")) },
      }),
      responses: {
        [one.status ?? 200]: {
          description: one.status === undefined ? "Done" : "Begun",
          content: content(one.produces, referenceTo(one.response)),
        },
        ...Object.fromEntries(Object.keys(ERRORS).map((status) => [status, { $ref: `#/components/responses/${status}` }])),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "pulumi-connections", version, description: "Connections, their objects and jobs." },
    security: [{ apiKey: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: namedSchemas(),
      responses: Object.fromEntries(
        Object.entries(ERRORS).map(([status, description]) => [status, { description, content: json(referenceTo(answers.errorBody)) }]),
      ),
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "Authorization", description: "The API key itself" },
        bearer: { type: "http", scheme: "bearer", description: "An API key, or a token of POST /bim/apikey/authenticate" },
      },
    },
  };
}

function pathParameter(name: string, params: z.ZodType | undefined): Json {
  const properties = params === undefined ? {} : (schemaOf(params, "input")["properties"] as Readonly<Record<string, Json>>);
  return { name, in: "path", required: true, schema: properties[name] ?? { type: "string", minLength: 1 } };
}

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, "input") as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: required.includes(name), schema }));
}

/** The answers, each by its name; where one holds another, it refers to it. */
function namedSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(answers)) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, { io: "output", unrepresentable: "any", uri: (id) => `${SCHEMAS}${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, { $schema: _draft, $id: _id, ...schema }]) => [name, schema]));
}

function referenceTo(schema: z.ZodType): Json {
  const [name] = Object.entries(answers).find(([, answer]) => (answer as z.ZodType) === schema) ?? [];
  return name === undefined ? { anyOf: unionOf(schema).map(referenceTo) } : { $ref: `${SCHEMAS}${name}` };
}

/** An answer without a name of its own is one of several that have. */
function unionOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options as z.ZodType[];
  throw new Error("an answer of a route is neither named in responses.ts nor a choice of those");
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    // Read-only to our code; in a document it would say that callers must not send it.
    override: ({ jsonSchema }) => void delete jsonSchema.readOnly,
  });
  return rest;
}

function json(schema: Json): Json {
  return content("application/json", schema);
}

function content(type = "application/json", schema: Json): Json {
  return { [type]: { schema } };
}

/** `PUT /data/settings/{objectPath}` is `put_data_settings_objectPath`. */
function operationId({ method, path }: Route): string {
  return [method.toLowerCase(), ...path.split(/\W+/).filter(Boolean)].join("_");
}
