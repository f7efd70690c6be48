export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function spread(values) {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/**
 * Round by round: a slow minute of the machine then slows both sides of a ratio. `fastest` compares the fastest round of
 * either side, which other work on the machine has disturbed least.
 */
export function ratios(ours, theirs) {
  return { ...spread(ours.map((value, round) => value / theirs[round])), fastest: Math.min(...ours) / Math.min(...theirs) };
}
