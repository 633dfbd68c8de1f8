import { join } from 'node:path';
import { pcm16 } from '../../../base/audio-format.js';
import { systemClock } from '../../../base/clock.js';
import type { SpokenAudio } from '../../../base/spoken-audio.js';
import { openTtsThread, type TtsThread } from '../../../inference/open-threads.js';
import { thisMachine } from '../../../inference/speed.js';
import { chooseTier, type TierChoice, type TierSetting } from '../../../inference/tier.js';
import { tierOfVoice, voiceFor } from '../../../inference/voices.js';
import { cacheFolder } from '../../../models/cache-folder.js';
import { modelFor, type Tier } from '../../../models/catalogue.js';
import { ModelStore, modelHash } from '../../../models/store.js';
import { PreparedSpeech } from './prepared-speech.js';
import { speechParts } from './speech-pieces.js';
import { spokenText } from './spoken-text.js';
import type { TextToSpeech, TtsSession } from './tts.js';

export interface LocalTtsOptions {
  readonly tier: TierSetting;
  /** One of `voices` of the tier; with tier auto, it decides on the tier. */
  readonly voice?: string | undefined;
  readonly store?: ModelStore;
}

/** Changes whenever the same text would sound different, so that what is on disk is made anew. */
const preparationVersion = 2;

/** Words a part, of a live sentence and of a prepared one: what is short begins early, and soon lets another call in. */
const partLimits: Record<Tier, { readonly live: readonly number[]; readonly prepared: readonly number[] }> = {
  light: { live: [40], prepared: [40] },
  neural: { live: [4, 7, 12], prepared: [12] },
};

/** Text to speech on this machine, English only: one voice and one thread for all calls. */
export class LocalTts implements TextToSpeech {
  /** Whatever its voice has. */
  readonly outputs = [];
  /** Which tier was taken, and why. */
  readonly choice: TierChoice;
  readonly #thread: Pick<TtsThread, 'request' | 'close'>;
  readonly #prepared: PreparedSpeech;
  #isClosed = false;

  constructor(thread: Pick<TtsThread, 'request' | 'close'>, choice: TierChoice, prepared: PreparedSpeech) {
    this.#thread = thread;
    this.choice = choice;
    this.#prepared = prepared;
  }

  /** All calls share the voice: what is one call's is nothing. */
  open(): TtsSession {
    const voice = this;
    return {
      async *speak(text, _turn, signal) {
        for await (const { pcm, rateHz } of voice.speak(text, signal)) yield { audio: pcm, format: pcm16(rateHz) };
      },
      close() {},
    };
  }

  async *speak(text: string, signal: AbortSignal): AsyncIterable<SpokenAudio> {
    const prepared = this.#prepared.get(text);
    if (prepared && !signal.aborted) {
      yield prepared;
      return;
    }
    for (const part of speechParts(spokenText(text), partLimits[this.choice.tier].live)) {
      if (signal.aborted) return;
      try {
        const { pcm, rateHz } = await this.#thread.request(part, { signal });
        if (pcm.byteLength > 0) yield { pcm, rateHz };
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
  }

  async prepare(texts: readonly string[]): Promise<void> {
    for (const text of new Set(texts)) {
      if (this.#isClosed) return;
      if (this.#prepared.get(text) || (await this.#prepared.load(text))) continue;
      // What fails here fails again, and is told, when it is to be spoken.
      await this.#synthesise(text).catch(() => {});
    }
    await this.#prepared.prune();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#thread.close();
  }

  async #synthesise(text: string): Promise<void> {
    const pieces: SpokenAudio[] = [];
    for (const part of speechParts(spokenText(text), partLimits[this.choice.tier].prepared)) {
      pieces.push(await this.#thread.request(part, { background: true }));
    }
    const rateHz = pieces[0]?.rateHz;
    if (rateHz !== undefined) await this.#prepared.put(text, { pcm: Buffer.concat(pieces.map(({ pcm }) => pcm)), rateHz });
  }
}

/** Loads a voice. Rejects with TP_ERR_MODEL_MISSING when its model was not fetched, TP_ERR_MODEL_RUN or TP_ERR_USAGE. */
export async function createLocalTts({ tier, voice, store = new ModelStore() }: LocalTtsOptions): Promise<LocalTts> {
  const wanted = (tier === 'auto' && voice !== undefined && tierOfVoice(voice)) || tier;
  const choice = await chooseTier('tts', wanted, thisMachine(store));
  const name = voiceFor(choice.tier, voice);
  const model = modelFor('tts', choice.tier);
  const folder = join(cacheFolder(), `spoken-${model.name}-${name}-${modelHash(model)}-${preparationVersion}`);
  return new LocalTts(await openTtsThread(store, choice.tier, name), choice, new PreparedSpeech(folder, systemClock));
}
