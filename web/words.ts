const numbers = new Intl.NumberFormat("en");
const times = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const DAY_MILLISECONDS = 24 * 3_600_000;

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", DAY_MILLISECONDS],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

export const number = (value: number): string => numbers.format(value);

export const time = (iso: string): string => times.format(new Date(iso));

/** "3 hours ago", "in 20 minutes". */
export function fromNow(iso: string, now = Date.now()): string {
  const span = Date.parse(iso) - now;
  const [unit, size] = UNITS.find(([, milliseconds]) => Math.abs(span) >= milliseconds) ?? UNITS[UNITS.length - 1]!;
  return relative.format(Math.round(span / size), unit);
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${(milliseconds / 60_000).toFixed(1)} min`;
}

/** "1 table", "2 tables"; with `only`, the parts that are not 0 joined by commas. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${number(count)} ${count === 1 ? singular : plural}`;
}

/** When the schedule syncs a connection next: every 24 hours from its registration. */
export function nextSync(createdAt: string, now = Date.now()): string {
  const start = Date.parse(createdAt);
  const days = Math.floor((now - start) / DAY_MILLISECONDS) + 1;
  return new Date(start + days * DAY_MILLISECONDS).toISOString();
}
