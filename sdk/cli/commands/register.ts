import type { Command } from "commander";
import type { Registration } from "../../model/registration";
import { skippedLines } from "../../model/sync-plan";
import { storeOf, withApi } from "../context";
import { follow, showWait } from "../follow";
import { readPayload, takesPayload, type Payload } from "../payload";
import { print } from "../print";
import { planLines } from "../print-plan";

export function addRegister(program: Command): void {
  const command = program.command("register").description("register a connection and run its first object sync");
  takesPayload(command).action(async (options: Payload) => {
    const registration = readPayload<Registration>(options, "register");
    await withApi(storeOf(program), async (api) => {
      const { connectionKey, bulkId } = await api.registerConnection(registration, { onWait: showWait });
      const plan = await follow(api, bulkId);
      print(`registered ${connectionKey}`);
      skippedLines(plan).forEach(print);
      print(planLines({ ...plan, changes: [] }, false).at(-1)!);
    });
  });
}
