import { pcm16 } from '../../../base/audio-format.js';
import type { ThreadLoad } from '../../../inference/inference-thread.js';
import { openSttThread, type SttThread } from '../../../inference/open-threads.js';
import { SpeedRecord, thisMachine } from '../../../inference/speed.js';
import { chooseTier, type TierChoice, type TierSetting } from '../../../inference/tier.js';
import { modelFor } from '../../../models/catalogue.js';
import { ModelStore } from '../../../models/store.js';
import { StretchSession } from './stretch-session.js';
import type { SpeechToText, SttSession } from './stt.js';

const sttRateHz = 16_000;

export interface LocalSttOptions {
  readonly tier: TierSetting;
  readonly store?: ModelStore;
  /** Words that would be known later than this after the caller fell silent are not recognised: take() rejects with TP_ERR_MODEL_BUSY. */
  readonly withinMs?: number;
}

/** Speech to text on this machine, English only: one thread for all calls. */
export class LocalStt implements SpeechToText {
  readonly inputs = [pcm16(sttRateHz)];
  readonly turnTaking = 'ours';
  /** Which tier was taken, and why. */
  readonly choice: TierChoice;
  readonly #thread: SttThread;
  readonly #withinMs: number;

  constructor(thread: SttThread, choice: TierChoice, withinMs = Number.POSITIVE_INFINITY) {
    this.#thread = thread;
    this.choice = choice;
    this.#withinMs = withinMs;
  }

  get load(): ThreadLoad {
    return this.#thread.load;
  }

  open(): SttSession {
    return new StretchSession(async (pcm, signal) => {
      const options = { signal, transfer: [pcm.buffer], size: pcm.length, withinMs: this.#withinMs };
      const { text } = await this.#thread.request({ type: 'recognise', pcm }, options);
      return text;
    }, sttRateHz);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

/** Loads the recogniser of a tier. Rejects with TP_ERR_MODEL_MISSING when its model was not fetched, or TP_ERR_MODEL_RUN. */
export async function createLocalStt({ tier, store = new ModelStore(), withinMs }: LocalSttOptions): Promise<LocalStt> {
  const choice = await chooseTier('stt', tier, thisMachine(store));
  const thread = await openSttThread(store, choice.tier);
  const factor = await new SpeedRecord().read(modelFor('stt', choice.tier));
  if (factor !== undefined) thread.expect(sttRateHz, factor * 1000);
  return new LocalStt(thread, choice, withinMs);
}
