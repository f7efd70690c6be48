import { z } from "zod";
import { issued } from "../../model/wire/responses";
import { route } from "../route";

/** POST `/bim/apikey/authenticate` (contract: authentication): the key is in the header, or in the body as older clients send it. */
export const authenticationRoute = route({
  method: "POST",
  path: "/bim/apikey/authenticate",
  summary: "Exchange an API key for a bearer token of one hour",
  tag: "authentication",
  body: z.strictObject({ apikey: z.string().min(1, "is empty").optional() }).optional(),
  response: issued,
  handle: ({ identity, body, authorization, remoteAddress }) => identity.issueToken(body?.apikey ?? authorization, remoteAddress),
});
