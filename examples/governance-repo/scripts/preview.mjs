// node scripts/preview.mjs STACK: what has drifted and what a merge would do, as reports/STACK.md. Fails where the preview does, and
// where drift could not be found out.

import { mkdirSync, writeFileSync } from "node:fs";
import { driftReport } from "./drift-report.mjs";
import { run, stackArgument } from "./run.mjs";

/** Of characters: a comment holds some 65,000, for all stacks. */
const LONGEST = 20_000;

const stack = stackArgument();
const drift = driftOrFailure(stack);
const { code, stdout, stderr } = run("pulumi", [
  ...["preview", "--stack", stack, "--diff", "--policy-pack", "policy"],
  ...["--non-interactive", "--color", "never", "--suppress-permalink"],
]);
console.log(drift.markdown + stdout + stderr);

mkdirSync("reports", { recursive: true });
const title = code === 0 ? `What a merge does to ${stack}` : `The preview of ${stack} failed`;
writeFileSync(
  `reports/${stack}.md`,
  [`## ${stack}`, "", drift.markdown, `### ${title}`, "", fenced(shortened(stdout + stderr)), ""].join("\n"),
);
process.exitCode = code === 0 && !drift.isRead ? 1 : code;

/** A report that could not be made is told of where people look for it, and fails the step. */
function driftOrFailure(stack) {
  try {
    return { markdown: driftReport(stack).markdown, isRead: true };
  } catch (error) {
    return { markdown: `### Drift\n\nIt could not be found out:\n\n${fenced(shortened(error.message))}\n`, isRead: false };
  }
}

function shortened(text) {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n... and more, which the job's log has`;
}

/** Names of tables may hold backticks: the fence is longer than any of theirs. */
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return [fence, text.trim(), fence].join("\n");
}
