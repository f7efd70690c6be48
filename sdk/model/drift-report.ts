import type { SettingChange, SettingName } from "./settings";

/** One object that is not as it is recorded. */
export interface DriftItem {
  readonly kind: "setting" | "platform" | "connection";
  /** In text form. */
  readonly objectPath: string;
  /** In words, without the path. */
  readonly what: string;
  readonly setting?: SettingName;
  readonly recorded?: unknown;
  readonly observed?: unknown;
  /** Who last changed it, and when, where the engine knows. */
  readonly change?: SettingChange;
}

export interface DriftReport {
  readonly connections: readonly string[];
  /** All settings that differ, then changes on the platform, at most as many of each connection as were asked for. */
  readonly items: readonly DriftItem[];
  /** What there is in all, the unlisted too. */
  readonly total: number;
  /** What could not be found out, and why. */
  readonly unread: readonly string[];
}
