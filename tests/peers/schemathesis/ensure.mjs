// A Python with schemathesis. Prints the path of the interpreter: node ensure.mjs

import { fileURLToPath } from "node:url";
import { ensurePython, printWhenStarted } from "../ensure-python.mjs";

await printWhenStarted(import.meta.url, () =>
  ensurePython({
    name: "schemathesis",
    requirements: fileURLToPath(new URL("requirements.txt", import.meta.url)),
    modules: "schemathesis",
    purpose: "the tests of the HTTP API against its own document",
  }),
);
