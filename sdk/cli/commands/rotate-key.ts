import type { Command } from "commander";
import { rotateSecretKey } from "../../engine/open-local";
import { storeFile, storeOf } from "../context";
import { print } from "../print";

export function addRotateKey(program: Command): void {
  program
    .command("rotate-key")
    .description("encrypt the store's secrets under a new key")
    .action(async () => {
      const rewritten = await rotateSecretKey(storeFile(storeOf(program)));
      print(`encrypted the secrets of ${rewritten} connection${rewritten === 1 ? "" : "s"} under a new key`);
    });
}
