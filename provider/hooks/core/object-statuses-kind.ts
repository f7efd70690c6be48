import { z } from "zod";
import { STATUS_INPUTS } from "./override-maps";
import { overrideSetKind } from "./override-set-kind";
import { AS_DECLARED } from "./declared-values";

/** What is active, and what new objects start as, of many objects. */
export const objectStatusesKind = overrideSetKind({ inputs: STATUS_INPUTS, value: z.boolean(), meaning: async () => AS_DECLARED });
