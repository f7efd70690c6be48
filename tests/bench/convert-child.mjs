// Reads a folder of registrations: only parses them, or plans their conversion. Prints milliseconds and the peak of memory.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";

const [work, folder] = process.argv.slice(2);
const { planConversion } = await import("../../dist/sdk/legacy/convert.js");
const start = performance.now();
if (work === "parse") for (const name of readdirSync(folder)) parseAllDocuments(readFileSync(path.join(folder, name), "utf8"));
else await planConversion([folder]);
console.log(JSON.stringify({ milliseconds: performance.now() - start, peakBytes: process.resourceUsage().maxRSS * 1024 }));
