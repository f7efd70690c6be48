// Runs the Pulumi CLI on the sample's stack: node tools/pulumi.mjs preview --diff

import { existsSync } from "node:fs";
import path from "node:path";
import { Failure, manifest, runMain } from "./prepare.mjs";
import { adviceAfterFailure, openPulumi, root } from "./pulumi-env.mjs";

async function main() {
  if (!existsSync(path.join(root, manifest.main))) {
    throw new Failure("The package is not built, and the sample's program needs it: run npm run build, or npm start for everything.");
  }
  const { pulumi } = await openPulumi();
  process.exitCode = await pulumi(...process.argv.slice(2));
  const advice = process.exitCode !== 0 && adviceAfterFailure();
  if (advice) console.error(advice);
}

runMain(main);
