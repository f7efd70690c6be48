// node scripts/drift-gate.mjs STACK: prints what has drifted; ends with 8 where anything did, and with 5 where not all could be read.

import { appendFileSync } from "node:fs";
import { driftReport } from "./drift-report.mjs";
import { stackArgument } from "./run.mjs";

const stack = stackArgument();
const { markdown, code } = driftReport(stack);
console.log(markdown);
// GitHub shows what is written there on the page of the run.
if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, `## ${stack}\n\n${markdown}\n`);
process.exitCode = code;
