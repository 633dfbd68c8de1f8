/** What a provider can count and charge for, each in its own unit. */
export const usageUnits = [
  'input_text_tokens',
  'input_audio_tokens',
  'cached_text_tokens',
  'cached_audio_tokens',
  'output_text_tokens',
  'output_audio_tokens',
  'stt_seconds',
  'stt_tokens',
  'tts_characters',
  'connected_seconds',
] as const;

export type UsageUnit = (typeof usageUnits)[number];

/** Amounts by unit; what is not there is none. */
export type Usage = Readonly<Partial<Record<UsageUnit, number>>>;

/** Beyond it a number tells nothing of what a service did at a time. */
export const mostAtOnce = 1e9;

/** A count as a service gives it; what is none, or cannot be, counts nothing. */
export const countOf = (value: unknown): number => (typeof value === 'number' && value > 0 && value <= mostAtOnce ? value : 0);

/** Adds `more` to `sum`, in place: no call is lost for its bill. */
export function addUsage(sum: Partial<Record<UsageUnit, number>>, more: Usage): void {
  for (const unit of usageUnits) {
    const amount = countOf(more[unit]);
    if (amount > 0) sum[unit] = (sum[unit] ?? 0) + amount;
  }
}
