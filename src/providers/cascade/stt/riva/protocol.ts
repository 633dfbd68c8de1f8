import type { AudioFormat } from '../../../../base/audio-format.js';
import { hangoverMs, type Result } from '../heard-words.js';

export const who = 'riva';

/** How Riva numbers our encodings: LINEAR_PCM, MULAW, ALAW. */
const encodings = { pcm16: 1, mulaw: 3, alaw: 20 } as const satisfies Record<AudioFormat['encoding'], number>;

const standardLanguage = 'en-US';

export interface StreamingConfig {
  readonly config: {
    readonly encoding: number;
    readonly sample_rate_hertz: number;
    readonly language_code: string;
    readonly max_alternatives: number;
    readonly audio_channel_count: number;
    readonly enable_automatic_punctuation: boolean;
    readonly model?: string;
  };
  readonly interim_results: boolean;
}

export type StreamingRequest = { readonly streaming_config: StreamingConfig } | { readonly audio_content: Uint8Array };

export interface StreamingResponse {
  readonly results: readonly {
    readonly alternatives: readonly { readonly transcript: string }[];
    readonly is_final: boolean;
    readonly audio_processed: number;
  }[];
}

export function streamingConfig({ encoding, rateHz }: AudioFormat, language: string | undefined, model: string | undefined): StreamingConfig {
  return {
    config: {
      encoding: encodings[encoding],
      sample_rate_hertz: rateHz,
      language_code: withRegion(language ?? standardLanguage),
      max_alternatives: 1,
      audio_channel_count: 1,
      enable_automatic_punctuation: true,
      ...(model !== undefined && { model }),
    },
    interim_results: true,
  };
}

/** Riva's models are named by language and region: of "de" it makes "de-DE". */
function withRegion(tag: string): string {
  try {
    const { language, region } = new Intl.Locale(tag).maximize();
    return `${language}-${region}`;
  } catch {
    return tag;
  }
}

/** A response as results: final ones one by one, and all that are not final as one guess. */
export function resultsOf({ results }: StreamingResponse): Result[] {
  const heard = results.map(({ alternatives, is_final: isFinal, audio_processed: seconds }) => ({
    text: alternatives[0]?.transcript.trim() ?? '',
    words: [],
    fromMs: 0,
    toMs: seconds * 1000,
    isFinal,
    // Riva makes a result final when it hears a pause.
    quietMs: isFinal ? hangoverMs : 0,
  }));
  const guesses = heard.filter(({ isFinal }) => !isFinal);
  const last = guesses.at(-1);
  const guess = last && {
    ...last,
    text: guesses
      .map(({ text }) => text)
      .join(' ')
      .trim(),
  };
  return [...heard.filter(({ isFinal }) => isFinal), ...(guess ? [guess] : [])];
}
