// Programs of Debian's packages that tests need: installed where nobody minds, on a machine of continuous integration.

const { execFileSync } = require("node:child_process");

const LIMIT = 10 * 60_000;

/** Installs packages where `CI` is set, we are root and there is apt; elsewhere a machine's programs are its owner's business. */
function installOnCi(...packages) {
  if (!process.env.CI || process.getuid?.() !== 0) return;
  try {
    execFileSync("apt-get", ["--version"], { stdio: "ignore" });
  } catch {
    return;
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // To standard error: standard output may be somebody's answer.
  const options = { env: environment, stdio: ["ignore", 2, 2], timeout: LIMIT };
  execFileSync("apt-get", ["update", "-qq"], options);
  execFileSync("apt-get", ["install", "-qq", "-y", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends", ...packages], options);
}

module.exports = { installOnCi };
