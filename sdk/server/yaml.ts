import type { FastifyInstance } from "fastify";
import { YAMLParseError, parse } from "yaml";
import { BadRequestError } from "../model/errors";

const CONTENT_TYPES = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

/** Bodies in YAML, for the routes that take them (contract: V2 payloads). */
export function addYaml(app: FastifyInstance): void {
  app.addContentTypeParser(
    CONTENT_TYPES,
    { parseAs: "string" },
    async (request: { routeOptions: { config: { route?: { takesYaml?: true } } } }, body: string) => {
      if (request.routeOptions.config.route?.takesYaml !== true) {
        throw new BadRequestError("content-type: this call takes JSON only; send application/json", { field: "content-type" });
      }
      try {
        return parse(body, { maxAliasCount: 100 }) as unknown;
      } catch (error) {
        // The parser's own message quotes the text, which may hold a secret.
        const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
        throw new BadRequestError(`body: is not valid YAML${line === undefined ? "" : ` (line ${line})`}; correct it`, { field: "body" });
      }
    },
  );
}
