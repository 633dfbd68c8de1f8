import type { TierSetting } from '../inference/tier.js';
import { createLocalStt } from './cascade/stt/local.js';
import type { SpeechToText } from './cascade/stt/stt.js';
import { createLocalTts } from './cascade/tts/local.js';
import type { TextToSpeech } from './cascade/tts/tts.js';

/** The speech models of this machine, each loaded when it is first asked for and shared by all providers. */
export class LocalParts {
  readonly #stt = new Map<TierSetting, Promise<SpeechToText>>();
  readonly #tts = new Map<TierSetting, Promise<TextToSpeech>>();

  stt(tier: TierSetting): Promise<SpeechToText> {
    return once(this.#stt, tier, () => createLocalStt({ tier }));
  }

  tts(tier: TierSetting): Promise<TextToSpeech> {
    return once(this.#tts, tier, () => createLocalTts({ tier }));
  }

  /** Some voice that is already loaded. */
  async anyVoice(): Promise<TextToSpeech | undefined> {
    const [first] = this.#tts.values();
    return first;
  }

  async close(): Promise<void> {
    const parts = await Promise.allSettled([...this.#stt.values(), ...this.#tts.values()]);
    await Promise.allSettled(parts.map((part) => (part.status === 'fulfilled' ? part.value.close() : undefined)));
  }
}

function once<T>(made: Map<TierSetting, Promise<T>>, tier: TierSetting, make: () => Promise<T>): Promise<T> {
  const known = made.get(tier);
  if (known) return known;
  const fresh = make();
  made.set(tier, fresh);
  fresh.catch(() => made.delete(tier));
  return fresh;
}
