import { isDeepStrictEqual } from "node:util";
import type { NativeIntegration } from "../model/registration";

/**
 * The integration after a change of its connection: what of its configuration was as the connection said before is as it says now, and
 * what was set apart stays. So one change of a password reaches both places.
 * @param before the integration as derived from the connection before. @param after the same of the connection now.
 */
export function followConnection(stored: NativeIntegration, before: NativeIntegration, after: NativeIntegration): NativeIntegration {
  const config = new Map(Object.entries(stored.config));
  for (const name of new Set([...Object.keys(before.config), ...Object.keys(after.config)])) {
    if (!isDeepStrictEqual(config.get(name), before.config[name])) continue;
    if (after.config[name] === undefined) config.delete(name);
    else config.set(name, after.config[name]);
  }
  return { ...stored, config: Object.fromEntries(config) };
}
