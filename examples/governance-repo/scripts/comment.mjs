// node scripts/comment.mjs: puts all of reports/ into one comment on the pull or merge request, which later runs replace.

import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Nobody sees it; the comment is found by it. */
const MARK = "<!-- governance preview -->";
const PAGE = 100;
const WAIT_MILLISECONDS = 30_000;

/** @returns where comments are, how to ask there, and how one is changed. */
function host({ GITLAB_CI, GITHUB_ACTIONS, ...env }) {
  if (GITHUB_ACTIONS) {
    const repository = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues`;
    return {
      headers: { authorization: `Bearer ${env.GITHUB_TOKEN}`, accept: "application/vnd.github+json" },
      list: `${repository}/${env.PULL_REQUEST}/comments`,
      one: (id) => `${repository}/comments/${id}`,
      change: "PATCH",
    };
  }
  if (GITLAB_CI) {
    const notes = `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`;
    return { headers: { "private-token": env.GITLAB_TOKEN }, list: notes, one: (id) => `${notes}/${id}`, change: "PUT" };
  }
  throw new Error("this runs in a job of GitHub Actions or GitLab; elsewhere read reports/");
}

const { headers, list, one, change } = host(process.env);

async function ask(method, address, body) {
  const answer = await fetch(address, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    signal: AbortSignal.timeout(WAIT_MILLISECONDS),
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function earlierComment() {
  for (let page = 1; ; page++) {
    const comments = await ask("GET", `${list}?per_page=${PAGE}&page=${page}`);
    const found = comments.find(({ body }) => body.startsWith(MARK));
    if (found !== undefined || comments.length < PAGE) return found;
  }
}

const reports = existsSync("reports") ? readdirSync("reports").sort() : [];
if (reports.length === 0) throw new Error("there is nothing in reports/: no preview came as far as writing one");
const body = [MARK, ...reports.map((name) => readFileSync(`reports/${name}`, "utf8"))].join("\n");
const earlier = await earlierComment();
if (earlier === undefined) await ask("POST", list, { body });
else await ask(change, one(earlier.id), { body });
