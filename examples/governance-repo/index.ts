import * as pulumi from "@pulumi/pulumi";
import { Governance } from "pulumi-connections";

/* Everything is declared in the file of the stack's environment. */
const governance = new Governance("main", { file: `environments/${pulumi.getStack()}.yaml` });

/** How many overrides the rules of each connection come to. */
export const overrides = Object.fromEntries(Object.entries(governance.rules).map(([key, { count }]) => [key, count]));
