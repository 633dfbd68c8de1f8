import type { Usage, UsageUnit } from '../base/usage.js';

/** By provider and unit, as price lists have it: of a million tokens or characters, of a minute. */
export interface Prices {
  readonly currency: string;
  readonly providers: Readonly<Record<string, Readonly<Partial<Record<UsageUnit, number | undefined>>>>>;
}

export interface Cost {
  readonly currency: string;
  readonly total: number;
  readonly byProvider: Readonly<Record<string, number>>;
  /** What was used and has no price, as "provider unit". */
  readonly unpriced: readonly string[];
}

const unitsPriced = (unit: UsageUnit): number => (unit.endsWith('_seconds') ? 60 : 1_000_000);

/** What a usage costs by the price table; undefined when nothing has a price. */
export function costOf(prices: Prices, usage: ReadonlyMap<string, Usage>): Cost | undefined {
  if (Object.keys(prices.providers).length === 0) return undefined;
  const byProvider: Record<string, number> = {};
  const unpriced: string[] = [];
  for (const [provider, amounts] of usage) {
    const table = Object.hasOwn(prices.providers, provider) ? prices.providers[provider] : undefined;
    if (!table) continue;
    for (const [unit, amount] of Object.entries(amounts) as [UsageUnit, number][]) {
      const price = table[unit];
      // How long a call was with a provider is always known, and seldom charged for.
      if (price === undefined && unit === 'connected_seconds') continue;
      if (price === undefined) unpriced.push(`${provider} ${unit}`);
      else byProvider[provider] = (byProvider[provider] ?? 0) + (price * amount) / unitsPriced(unit);
    }
  }
  const total = Object.values(byProvider).reduce((sum, cost) => sum + cost, 0);
  return { currency: prices.currency, total, byProvider, unpriced };
}
