// Reads a folder of registrations: only parses them, or plans their conversion and reads the plan. Prints milliseconds, the peak of
// memory, and what the plan itself holds.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";

const [work, folder] = process.argv.slice(2);
const { withConversion } = await import("../../dist/sdk/legacy/convert.js");
global.gc();
const before = process.memoryUsage().heapUsed;
const start = performance.now();
if (work === "parse") {
  for (const name of readdirSync(folder)) parseAllDocuments(readFileSync(path.join(folder, name), "utf8"));
  report();
} else {
  await withConversion([folder], undefined, (plan) => {
    for (const { overrides, owners } of plan.connections) read(overrides, owners);
    report(read(plan.warnings), plan);
  });
}

function read(...lists) {
  let count = 0;
  for (const list of lists) for (const one of list) if (one !== undefined) count++;
  return count;
}

function report(warnings, plan) {
  const milliseconds = performance.now() - start;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  global.gc();
  const heldBytes = process.memoryUsage().heapUsed - before;
  // Naming the plan here keeps it alive until then.
  console.log(JSON.stringify({ milliseconds, peakBytes, heldBytes, warnings, connections: plan?.connections.length }));
}
