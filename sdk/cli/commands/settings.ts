import { InvalidArgumentError, type Command } from "commander";
import { parseObjectPath } from "../../model/object-path";
import type { SettingsPatch } from "../../model/settings";
import { storeOf, withApi } from "../context";
import { print } from "../print";

type Flag = boolean | "inherit";

export function addSettings(program: Command): void {
  program
    .command("settings")
    .description("show the settings of an object, or set them on the object itself")
    .argument("<objectPath>")
    .option("--active <true|false|inherit>", "whether the object is active", flag)
    .option("--activate-new <true|false|inherit>", "whether objects found beneath it later start active", flag)
    .action(async (text: string, options: { active?: Flag; activateNew?: Flag }) => {
      const objectPath = parseObjectPath(text);
      const patch: SettingsPatch = {
        ...(options.active !== undefined && { isActive: orNull(options.active) }),
        ...(options.activateNew !== undefined && { activateNewChildren: orNull(options.activateNew) }),
      };
      await withApi(storeOf(program), async (api) => {
        const object = Object.keys(patch).length === 0 ? await api.getObject(objectPath) : await api.updateSettings(objectPath, patch);
        print(
          JSON.stringify(
            { objectPath: object.objectPath, state: object.state, settings: object.settings, overrides: object.overrides },
            null,
            2,
          ),
        );
      });
    });
}

/** commander turns a null into an empty text, so `inherit` stays a word until the patch is made. */
function flag(text: string): Flag {
  if (text === "true" || text === "false") return text === "true";
  if (text === "inherit") return text;
  throw new InvalidArgumentError("expected true, false or inherit.");
}

function orNull(value: Flag): boolean | null {
  return value === "inherit" ? null : value;
}
