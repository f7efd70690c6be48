// Reads a folder of registrations: only parses them, or plans their conversion. Prints milliseconds, the peak of memory, and what
// the plan itself holds.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";

const [work, folder] = process.argv.slice(2);
const { planConversion } = await import("../../dist/sdk/legacy/convert.js");
global.gc();
const before = process.memoryUsage().heapUsed;
const start = performance.now();
let plan;
if (work === "parse") for (const name of readdirSync(folder)) parseAllDocuments(readFileSync(path.join(folder, name), "utf8"));
else plan = await planConversion([folder]);
const milliseconds = performance.now() - start;
const peakBytes = process.resourceUsage().maxRSS * 1024;
global.gc();
const heldBytes = process.memoryUsage().heapUsed - before;
console.log(JSON.stringify({ milliseconds, peakBytes, heldBytes, warnings: plan?.warnings.length }));
