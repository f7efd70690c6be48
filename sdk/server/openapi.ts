import { z } from "zod";
import { errorBody } from "../model/wire/responses";
import type { Route } from "./route";

type Json = Record<string, unknown>;

/** Statuses that any call may answer beside its own (contract: status codes and error bodies). */
const ERRORS: Readonly<Record<string, string>> = {
  400: "The request is wrong; `field` names where",
  401: "No valid credentials",
  403: "The caller lacks the right",
  404: "No such connection, object or job",
  409: "The request contradicts what is registered",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "The platform refused or could not be read",
  429: "Too many failed logins; `Retry-After` says when to try again",
  500: "Something unexpected",
  503: "The store cannot be used now",
};

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
    const place = /\{(\w+)\}/.exec(one.path)?.[1];
    (paths[one.path] ??= {})[one.method.toLowerCase()] = {
      summary: one.summary,
      tags: [one.tag],
      operationId: operationId(one),
      parameters: [...(place === undefined ? [] : [PARAMETERS[place]]), ...queryParameters(one.query)],
      ...(one.body && {
        requestBody: { required: !one.body.safeParse(undefined).success, content: json(schemaOf(one.body, "input")) },
      }),
      responses: {
        200: { description: "Done", content: json(schemaOf(one.response, "output")) },
        ...Object.fromEntries(
          Object.entries(ERRORS).map(([status, description]) => [
            status,
            { description, content: json({ $ref: "#/components/schemas/Error" }) },
          ]),
        ),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "pulumi-connections", version, description: "Connections, their objects and jobs." },
    security: [{ apiKey: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: { Error: schemaOf(errorBody, "output") },
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "Authorization", description: "The API key itself" },
        bearer: { type: "http", scheme: "bearer", description: "An API key, or a token of POST /bim/apikey/authenticate" },
      },
    },
  };
}

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, "input") as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: required.includes(name), schema }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

function json(schema: Json): Json {
  return { "application/json": { schema } };
}

/** `PUT /data/settings/{objectPath}` is `put_data_settings_objectPath`. */
function operationId({ method, path }: Route): string {
  return [method.toLowerCase(), ...path.split(/\W+/).filter(Boolean)].join("_");
}
