export interface Trend {
  /** From the first point to the last, by the line that fits them best. */
  readonly growth: number;
  /** One standard error of it. */
  readonly spread: number;
}

/** What points that scatter grow by: least squares, with what the scatter leaves open. Needs three points. */
export function trendOf(points: readonly { readonly x: number; readonly y: number }[]): Trend {
  const n = points.length;
  const mean = (of: (point: { x: number; y: number }) => number): number => points.reduce((sum, point) => sum + of(point), 0) / n;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const sumOfSquares = n * mean(({ x }) => (x - meanX) ** 2);
  const slope = (n * mean(({ x, y }) => (x - meanX) * (y - meanY))) / sumOfSquares;
  const residual = n * mean(({ x, y }) => (y - meanY - slope * (x - meanX)) ** 2);
  const span = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0);
  const rounded = (value: number): number => Number(value.toFixed(1));
  return { growth: rounded(slope * span), spread: rounded(Math.sqrt(residual / (n - 2) / sumOfSquares) * span) };
}
