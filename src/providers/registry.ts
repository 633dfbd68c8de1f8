import type { Clock } from '../base/clock.js';
import { TalkpathError } from '../base/errors.js';
import type { ProviderSettings } from '../config/schema.js';
import { createEchoProvider } from './echo/provider.js';
import type { TextToSpeech } from './cascade/tts/tts.js';
import type { Provider } from './provider.js';

/** Makes providers by name, each when it is first asked for, and keeps them. Thread: control. */
export class ProviderRegistry {
  readonly #settings: Readonly<Record<string, ProviderSettings>>;
  #voice: TextToSpeech | undefined;
  readonly #made = new Map<string, Promise<Provider>>();

  constructor(settings: Readonly<Record<string, ProviderSettings>>, _clock: Clock) {
    this.#settings = settings;
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

  /** The local text-to-speech, once a provider has loaded it. */
  get voice(): TextToSpeech | undefined {
    return this.#voice;
  }

  async close(): Promise<void> {}

  async #make(name: string): Promise<Provider> {
    const settings = this.#settings[name];
    if (!settings) throw new TalkpathError('TP_ERR_PROVIDER_UNKNOWN', `No provider is named "${name}"`);
    switch (settings.type) {
      case 'echo':
        return createEchoProvider(name);
      case 'scripted':
      case 'cascade':
        throw new TalkpathError('TP_ERR_PROVIDER_UNKNOWN', `not yet`);
    }
  }
}
