import type { Migration } from "kysely";
import { first } from "./001-first";
import { factsAndHistory } from "./002-facts-and-history";
import { activity } from "./003-activity";
import { identity } from "./004-identity";
import { creators } from "./005-creators";
import { legacy } from "./020-legacy";
import { settingChanges } from "./030-setting-changes";
import { stages } from "./040-stages";
import { spread } from "./041-spread";
import { storeCopy } from "./042-store-copy";
import { browsing } from "./050-browsing";
import { declared } from "./051-declared";

/** Every migration by name, in the order of the names. A released one is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  "001-first": first,
  "002-facts-and-history": factsAndHistory,
  "003-activity": activity,
  "004-identity": identity,
  "005-creators": creators,
  "020-legacy": legacy,
  "030-setting-changes": settingChanges,
  "040-stages": stages,
  "041-spread": spread,
  "042-store-copy": storeCopy,
  "050-browsing": browsing,
  "051-declared": declared,
};
