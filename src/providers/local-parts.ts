import type { Speaker } from '../base/spoken-audio.js';
import type { ThreadLoad } from '../inference/inference-thread.js';
import type { TierChoice, TierSetting } from '../inference/tier.js';
import type { Purpose, Tier } from '../models/catalogue.js';
import { createLocalStt, type LocalStt } from './cascade/stt/local.js';
import type { SpeechToText } from './cascade/stt/stt.js';
import { createLocalTts, type LocalTts } from './cascade/tts/local.js';

export interface RecognitionLoad extends ThreadLoad {
  readonly tier: Tier;
}

export interface LocalPartsOptions {
  /** Words that would be known later than this after the caller fell silent are not recognised. */
  readonly hearWithinMs: number;
  /** A model is loaded: of which tier, and why. */
  readonly onLoaded?: (purpose: Purpose, choice: TierChoice) => void;
}

/** The speech models of this machine, each loaded when it is first asked for and shared by all providers. */
export class LocalParts {
  readonly #stt = new Map<TierSetting, Promise<SpeechToText>>();
  readonly #tts = new Map<TierSetting, Promise<LocalTts>>();
  readonly #loadedStt: LocalStt[] = [];
  readonly #options: LocalPartsOptions;

  constructor(options: LocalPartsOptions) {
    this.#options = options;
  }

  stt(tier: TierSetting): Promise<SpeechToText> {
    return once(this.#stt, tier, async () => {
      const stt = await createLocalStt({ tier, withinMs: this.#options.hearWithinMs });
      this.#options.onLoaded?.('stt', stt.choice);
      this.#loadedStt.push(stt);
      return stt;
    });
  }

  /** How busy the recognisers are that are loaded. */
  get recognition(): readonly RecognitionLoad[] {
    return this.#loadedStt.map(({ choice, load }) => ({ tier: choice.tier, ...load }));
  }

  tts(tier: TierSetting): Promise<LocalTts> {
    return once(this.#tts, tier, async () => {
      const tts = await createLocalTts({ tier });
      this.#options.onLoaded?.('tts', tts.choice);
      return tts;
    });
  }

  /**
   * Voices for what is said without any provider, the quickest first: a neural one may be busy, or too slow for this
   * machine. None where no model is.
   */
  async voices(): Promise<readonly Speaker[]> {
    const loaded = await Promise.any(this.#tts.values()).catch(() => undefined);
    if (loaded?.choice.tier === 'light') return [loaded];
    const light = await this.tts('light').catch(() => undefined);
    if (!loaded) return light ? [light] : [];
    return light ? [light, loaded] : [loaded];
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
