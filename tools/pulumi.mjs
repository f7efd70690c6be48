// Runs the Pulumi CLI on the sample's stack: node tools/pulumi.mjs preview --diff

import { adviceAfterFailure, openPulumi } from "./pulumi-env.mjs";

try {
  const { pulumi } = await openPulumi();
  process.exitCode = await pulumi(...process.argv.slice(2));
  const advice = process.exitCode !== 0 && adviceAfterFailure();
  if (advice) console.error(advice);
} catch (error) {
  console.error(error.message);
  process.exitCode = error.exitCode ?? 1;
}
