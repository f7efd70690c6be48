import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const BYTES = 150_000;
const folder = resolve(__dirname, "../../dist/web");

it("needs less than 150 kB, compressed, before it shows something", () => {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const loaded = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file!);
  expect(loaded.some((file) => file.endsWith(".js"))).toBe(true);
  const bytes = loaded.reduce((sum, file) => sum + statSync(join(folder, `${file}.gz`)).size, html.length);
  expect(bytes).toBeLessThan(BYTES);
});

it("loads nothing from elsewhere", () => {
  const names = readdirSync(join(folder, "assets")).filter((name) => /\.(js|css)$/.test(name));
  for (const name of names) {
    const text = readFileSync(join(folder, "assets", name), "utf8");
    expect(text).not.toMatch(/(?:import\(|from |url\(|fetch\()\s*["']?https?:/);
  }
});
