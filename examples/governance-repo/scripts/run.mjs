import { spawnSync } from "node:child_process";

const WINDOWS = process.platform === "win32";
/** Larger than any report; the default of Node would cut one of thousands of objects off. */
const MOST_BYTES = 1e9;

/** Runs a command to its end. @returns its exit code, and what it printed, messages apart. */
export function run(command, args, { input = "", environment = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: "utf8",
    env: { ...process.env, ...environment },
    maxBuffer: MOST_BYTES,
    shell: WINDOWS,
  });
  if (error) throw new Error(`${command} could not be run: ${error.message}`);
  return { code: status ?? 1, stdout, stderr };
}

/** As `run`, for a command that must work. @returns what it printed. */
export function output(command, args, options) {
  const { code, stdout, stderr } = run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}

/** The stack that a script is called with. */
export function stackArgument() {
  const [, , stack] = process.argv;
  if (stack === undefined) throw new Error(`name a stack: node ${process.argv[1]} dev`);
  return stack;
}
