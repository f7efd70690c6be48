// Adds the optional platform packages (drivers' and compilers' binaries for other machines) that a registry mirror
// may not carry to package-lock.json. Without them `npm ci` calls the lock file out of date on every machine.
// Run by `npm run lock` after each change of dependencies.

import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];

const lock = JSON.parse(readFileSync(file, "utf8"));
const packages = lock.packages;
let added = 0;
for (const [place, parent] of Object.entries({ ...packages })) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${place}/node_modules/${name}`]) continue;
    const parts = name.split("/").pop().split("-");
    const at = parts.findIndex((part) => systems.includes(part));
    if (at < 0 || !/^\d/.test(version)) throw new Error(`${place}: cannot tell the platform of optional package ${name}@${version}`);
    const [os, cpu, abi] = parts.slice(at);
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(parent.dev && { dev: true }),
      optional: true,
      os: [os],
      ...(os === "linux" && abi && { libc: [abi.startsWith("musl") ? "musl" : "glibc"] }),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} optional platform packages added`);
