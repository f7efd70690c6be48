import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A host of repositories as far as comments on requests go: GitHub's routes for issues, and GitLab's for merge requests. */
export interface CommentsHost {
  readonly address: string;
  /** The comments of a request, by the path that lists them. */
  of(list: string): readonly string[];
  /** Puts a comment of somebody else there. */
  add(list: string, body: string): void;
  close(): Promise<void>;
}

interface Comment {
  readonly id: number;
  body: string;
}

/** @param isAllowed by the headers of a request. */
export async function hostComments(isAllowed: (headers: NodeJS.Dict<string | string[]>) => boolean): Promise<CommentsHost> {
  const lists = new Map<string, Comment[]>();
  let lastId = 0;
  const listOf = (path: string) => lists.get(path) ?? lists.set(path, []).get(path)!;
  const add = (path: string, body: string) => void listOf(path).push({ id: ++lastId, body });

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url!, "http://host");
      const answer = (status: number, value: unknown) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      };
      if (!isAllowed(request.headers)) return answer(401, { message: "bad credentials" });
      const size = Number(searchParams.get("per_page") ?? 30);
      const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
      if (request.method === "GET") return answer(200, listOf(pathname).slice(from, from + size));
      const { body } = JSON.parse(Buffer.concat(chunks).toString()) as { body: string };
      if (request.method === "POST") {
        add(pathname, body);
        return answer(201, listOf(pathname).at(-1));
      }
      const id = Number(pathname.split("/").at(-1));
      const found = [...lists.values()].flat().find((comment) => comment.id === id);
      if (found === undefined) return answer(404, { message: "not found" });
      found.body = body;
      return answer(200, found);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    of: (list) => listOf(list).map(({ body }) => body),
    add,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
