import { countOf, type Usage, type UsageUnit } from '../../base/usage.js';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** What a response used. The service counts cached tokens among the input; here each token stands in one unit. */
export function usageOfResponse(usage: unknown): Usage {
  const input = fieldsOf(fieldsOf(usage).input_token_details);
  const cached = fieldsOf(input.cached_tokens_details);
  const output = fieldsOf(fieldsOf(usage).output_token_details);
  return counted({
    input_text_tokens: Math.max(0, countOf(input.text_tokens) - countOf(cached.text_tokens)),
    input_audio_tokens: Math.max(0, countOf(input.audio_tokens) - countOf(cached.audio_tokens)),
    cached_text_tokens: countOf(cached.text_tokens),
    cached_audio_tokens: countOf(cached.audio_tokens),
    output_text_tokens: countOf(output.text_tokens),
    output_audio_tokens: countOf(output.audio_tokens),
  });
}

/** What the recognition of the caller's words used: charged by tokens or by time, as its model is. */
export function usageOfTranscription(usage: unknown): Usage {
  const { type, total_tokens, seconds } = fieldsOf(usage);
  if (type === 'tokens') return counted({ stt_tokens: countOf(total_tokens) });
  return counted({ stt_seconds: countOf(seconds) });
}

const counted = (usage: Partial<Record<UsageUnit, number>>): Usage => Object.fromEntries(Object.entries(usage).filter(([, amount]) => amount > 0));
