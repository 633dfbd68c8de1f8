/** The middle and the middle half of what was measured more than once. */
export interface Spread {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

/** Value below which the share `p` of the numbers lies, between neighbours in a straight line. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function spread(values: readonly number[]): Spread {
  return { median: rounded(quantile(values, 0.5)), q1: rounded(quantile(values, 0.25)), q3: rounded(quantile(values, 0.75)) };
}

/** To three digits that count. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
