import type { Clock } from '../base/clock.js';
import { TalkpathError } from '../base/errors.js';
import type { ProviderSettings } from '../config/schema.js';
import { loadScript } from './cascade/llm/scripted/load.js';
import { createScriptedModel } from './cascade/llm/scripted/model.js';
import { createCascadeProvider } from './cascade/provider.js';
import type { TextToSpeech } from './cascade/tts/tts.js';
import { createEchoProvider } from './echo/provider.js';
import { LocalParts } from './local-parts.js';
import type { Provider } from './provider.js';

type Cascade = Extract<ProviderSettings, { type: 'cascade' }>;

/** Makes providers by name, each when it is first asked for, and keeps them. Thread: control. */
export class ProviderRegistry {
  readonly #settings: Readonly<Record<string, ProviderSettings>>;
  readonly #clock: Clock;
  readonly #parts = new LocalParts();
  readonly #made = new Map<string, Promise<Provider>>();

  constructor(settings: Readonly<Record<string, ProviderSettings>>, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Rejects with TP_ERR_PROVIDER_UNKNOWN, or with what the provider's parts say. */
  get(name: string): Promise<Provider> {
    const known = this.#made.get(name);
    if (known) return known;
    const made = this.#make(name);
    this.#made.set(name, made);
    made.catch(() => this.#made.delete(name));
    return made;
  }

  /** A voice for what is said without any provider; undefined when none is loaded. */
  voice(): Promise<TextToSpeech | undefined> {
    return this.#parts.anyVoice();
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  async #make(name: string): Promise<Provider> {
    const settings = this.#settings[name];
    switch (settings?.type) {
      case undefined:
        throw new TalkpathError('TP_ERR_PROVIDER_UNKNOWN', `No provider is named "${name}"`);
      case 'echo':
        return createEchoProvider(name);
      case 'scripted': {
        const speech = { type: 'local', tier: settings.tier } as const;
        return this.#cascade(name, { type: 'cascade', stt: speech, llm: { type: 'scripted', script: settings.script }, tts: speech });
      }
      case 'cascade':
        return this.#cascade(name, settings);
    }
  }

  async #cascade(name: string, settings: Cascade): Promise<Provider> {
    const llm = createScriptedModel(loadScript(settings.llm.script));
    const [stt, tts] = await Promise.all([this.#parts.stt(settings.stt.tier), this.#parts.tts(settings.tts.tier)]);
    void tts.prepare(llm.knownSentences);
    return createCascadeProvider(name, { stt, llm, tts }, this.#clock);
  }
}
