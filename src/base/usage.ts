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

/** More than a service can have done at a time. */
const mostAtOnce = 1e9;

/** Adds `more` to `sum`, in place; what cannot be is none, as no call is lost for its bill. */
export function addUsage(sum: Partial<Record<UsageUnit, number>>, more: Usage): void {
  for (const unit of usageUnits) {
    const amount = more[unit] ?? 0;
    if (amount > 0 && amount <= mostAtOnce) sum[unit] = (sum[unit] ?? 0) + amount;
  }
}
