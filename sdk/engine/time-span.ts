const DATE_LENGTH = "2026-01-31".length;

/** A span of time as people give it (ISO-8601; a date alone is the whole of that day, UTC) in ISO-8601 UTC, both ends included. */
export function timeSpan({ startDate, endDate }: { startDate?: string | undefined; endDate?: string | undefined }) {
  return {
    from: startDate && new Date(startDate).toISOString(),
    to: endDate && new Date(endDate.length === DATE_LENGTH ? `${endDate}T23:59:59.999Z` : endDate).toISOString(),
  };
}
