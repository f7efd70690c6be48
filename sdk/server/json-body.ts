import { isUtf8 } from "node:buffer";
import { errorCodes, type FastifyInstance } from "fastify";
import { BadRequestError } from "../model/errors";

/** Far deeper than anything that is taken; what walks a value in steps of its depth can rely on it. */
const DEEPEST = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Takes JSON that is valid UTF-8, no deeper than `DEEPEST`, and without `__proto__` or `constructor.prototype`. */
export function takeJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const problem = problemOf(body as Buffer);
    if (problem === undefined) void parseJson(request, body.toString(), done);
    else done(new BadRequestError(`body: ${problem}`, { field: "body" }));
  });
  // Many clients name a form's type where they send nothing.
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE());
  });
}

function problemOf(body: Buffer): string | undefined {
  if (!isUtf8(body)) return "is not valid UTF-8; send JSON in UTF-8";
  if (depthOf(body) > DEEPEST) return `is nested deeper than ${DEEPEST} levels; send it flatter`;
  return undefined;
}

/** How deep a text of JSON is; of one that is none, whatever its brackets say. */
function depthOf(body: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index]!;
    if (byte === QUOTE) isText = !isText;
    else if (isText) {
      if (byte === BACKSLASH) index++;
    } else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(byte)) depth--;
  }
  return deepest;
}
