// Everything that is checked before a change lands (npm test), from a fresh clone: formatting and lint rules, types,
// and every test. Closes with one line `N passed, N failed` over all of them.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { Failure, prepare, runMain, step } from "./prepare.mjs";

/** Checks; the first takes as long as all others. */
const AT_ONCE = 2;

async function main() {
  await prepare();
  const { root, run } = await import("./pulumi-env.mjs");
  const inPackages = (...names) => path.join(root, "node_modules", ...names);
  const node = (...args) => run(process.execPath, args);
  const total = { passed: 0, failed: 0, skipped: 0 };

  const checks = {
    "lint rules": [inPackages("eslint", "bin", "eslint.js"), "."],
    "import directions": [inPackages("dependency-cruiser", "bin", "dependency-cruise.mjs"), "sdk", "provider", "web"],
    formatting: [inPackages("prettier", "bin", "prettier.cjs"), "--check", "--log-level", "warn", "."],
    "what is made of the documentation": [path.join(root, "tools", "docs.mjs"), "--check"],
    types: [inPackages("typescript", "bin", "tsc"), "--noEmit"],
    "types of the page": [inPackages("typescript", "bin", "tsc"), "-p", "web"],
  };
  const waiting = Object.entries(checks);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, command] = next;
      step(`checking ${name}`);
      total[(await node(...command)) === 0 ? "passed" : "failed"]++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  step("running the tests");
  const report = path.join(root, ".bench", "jest.json");
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const code = await node(inPackages("jest", "bin", "jest.js"), "--json", `--outputFile=${report}`, ...process.argv.slice(2));
  const result = JSON.parse(readFileSync(report, "utf8"));
  total.passed += result.numPassedTests;
  // A suite that could not even start has no tests that failed.
  total.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  total.skipped += result.numPendingTests;

  const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  if (total.failed > 0 || code !== 0) throw new Failure("Some checks failed; they are named above.");
}

runMain(main);
