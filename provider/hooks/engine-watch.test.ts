import { createServer, type AddressInfo } from "node:net";
import { watchEngine } from "./engine-watch";

it("notices an engine that is gone, and not one that is there", async () => {
  const engine = createServer((socket) => socket.on("error", () => undefined));
  await new Promise<void>((listening) => engine.listen(0, "127.0.0.1", listening));
  const { port } = engine.address() as AddressInfo;
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    watchEngine({ text: `127.0.0.1:${port}`, host: "127.0.0.1", port }, () => {
      isGone = true;
      resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(isGone).toBe(false);
  engine.close();
  await gone;
  expect(isGone).toBe(true);
}, 30_000);
