import { openSttThread, type SttThread } from '../../../inference/open-threads.js';
import { thisMachine } from '../../../inference/speed.js';
import { chooseTier, type TierChoice, type TierSetting } from '../../../inference/tier.js';
import { ModelStore } from '../../../models/store.js';
import { LocalSttSession } from './local-session.js';
import type { SpeechToText, SttSession } from './stt.js';

export interface LocalSttOptions {
  readonly tier: TierSetting;
  readonly store?: ModelStore;
}

/** Speech to text on this machine, English only: one thread for all calls. */
export class LocalStt implements SpeechToText {
  readonly inputRateHz = 16000;
  /** Which tier was taken, and why. */
  readonly choice: TierChoice;
  readonly #thread: SttThread;

  constructor(thread: SttThread, choice: TierChoice) {
    this.#thread = thread;
    this.choice = choice;
  }

  open(): SttSession {
    return new LocalSttSession(async (pcm, signal) => {
      const { text } = await this.#thread.request({ type: 'recognise', pcm }, { signal, transfer: [pcm.buffer] });
      return text;
    });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

/** Loads the recogniser of a tier. Rejects with TP_ERR_MODEL_MISSING when its model was not fetched, or TP_ERR_MODEL_RUN. */
export async function createLocalStt({ tier, store = new ModelStore() }: LocalSttOptions): Promise<LocalStt> {
  const choice = await chooseTier('stt', tier, thisMachine(store));
  return new LocalStt(await openSttThread(store, choice.tier), choice);
}
