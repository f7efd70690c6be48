// Builds the infrastructure page into dist/web, each file beside its compressed forms, which the server sends as they are.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vite";

const outDir = fileURLToPath(new URL("../dist/web", import.meta.url));

const compress = {
  name: "compress",
  closeBundle() {
    const assets = join(outDir, "assets");
    for (const name of readdirSync(assets)) {
      const content = readFileSync(join(assets, name));
      writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }));
      writeFileSync(join(assets, `${name}.br`), brotliCompressSync(content));
    }
  },
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [compress],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
