import { z } from "zod";
import { ACKNOWLEDGEMENTS, type Acknowledgement } from "./upgrade";

export const acknowledgeSchema: z.ZodType<Acknowledgement[]> = z.array(z.enum(ACKNOWLEDGEMENTS));
