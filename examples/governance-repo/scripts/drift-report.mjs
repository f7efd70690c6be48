import { output, run } from "./run.mjs";

/** Exit codes of `connections drift --exit-code`. */
const NONE = 0;
const UNREAD = 5;
const DRIFTED = 8;

/**
 * What has changed outside since the stack's last `up`, against its server.
 * @returns the report in Markdown, and the exit code: 8 where anything drifted, 5 where not everything could be read.
 */
export function driftReport(stack) {
  const state = output("pulumi", ["stack", "export", "--stack", stack]);
  const endpoint = output("pulumi", ["config", "get", "connections:endpoint", "--stack", stack]).trim();
  const { code, stdout, stderr } = run("npx", ["--no-install", "connections", "drift", "--state", "-", "--markdown", "--exit-code"], {
    input: state,
    environment: { CONNECTIONS_ENDPOINT: endpoint },
  });
  if (![NONE, UNREAD, DRIFTED].includes(code)) throw new Error(`connections drift ended with ${code}: ${stderr}`);
  return { markdown: stdout, code };
}
