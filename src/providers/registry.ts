import type { Clock } from '../base/clock.js';
import { messageOf, TalkpathError } from '../base/errors.js';
import type { Speaker } from '../base/spoken-audio.js';
import type { ProviderSettings } from '../config/providers.js';
import type { Settings } from '../config/schema.js';
import { loadScript } from './cascade/llm/scripted/load.js';
import { type CascadePartSettings, languageModel, serviceRecogniser, serviceVoice } from './cascade/parts.js';
import { createCascadeProvider } from './cascade/provider.js';
import { createDeepgramAgentProvider } from './deepgram-agent/provider.js';
import { createEchoProvider } from './echo/provider.js';
import { Budgets } from './guard/budgets.js';
import { GuardedProvider } from './guard/guarded-provider.js';
import { LocalParts, type LocalPartsOptions, type RecognitionLoad } from './local-parts.js';
import { createOpenAiRealtimeProvider } from './openai-realtime/provider.js';
import { createPersonProvider } from './person/provider.js';
import type { Provider } from './provider.js';

type CallProviders = Pick<Settings, 'default_provider' | 'fallback' | 'contexts'>;

/** The providers that a call may be set up with, in the order in which they are tried: without a context, and in each. */
export function providerChains({ default_provider, fallback, contexts }: CallProviders): readonly (readonly string[])[] {
  const inContexts = Object.values(contexts).map((context) => [context.provider ?? default_provider, ...(context.fallback ?? fallback)]);
  return [[default_provider, ...fallback], ...inContexts];
}

/** Of the time that a reply may take: the rest is for speaking it, and for a machine that is slower than expected. */
const hearingPart = 0.5;

export interface RegistryOptions {
  /** After which a reply gives way to the fallback line: no queue may be longer. */
  readonly replyOverdueMs: number;
  /** What contexts have said first: spoken in advance, as a script's own sentences are. */
  readonly greetings?: readonly string[];
  readonly budgets?: Settings['budgets'];
  readonly onModelLoaded?: NonNullable<LocalPartsOptions['onLoaded']>;
  /** A provider was made ready. */
  readonly onMade?: (guard: GuardedProvider) => void;
}

interface Closable {
  close(): Promise<void>;
}

/** Makes providers by name, each when it is first asked for, and keeps them. Thread: control. */
export class ProviderRegistry {
  readonly #settings: Readonly<Record<string, ProviderSettings>>;
  readonly #clock: Clock;
  readonly #greetings: readonly string[];
  readonly #onMade: (guard: GuardedProvider) => void;
  readonly #parts: LocalParts;
  readonly #budgets: Budgets;
  /** What is to be closed with the registry, beside the local parts. */
  readonly #owned: Closable[] = [];
  readonly #made = new Map<string, Promise<GuardedProvider>>();
  readonly #guards = new Map<string, GuardedProvider>();
  readonly #off = new Set<string>();

  constructor(
    settings: Readonly<Record<string, ProviderSettings>>,
    clock: Clock,
    { replyOverdueMs, greetings = [], budgets = { per_hours: 24 }, onModelLoaded, onMade = () => {} }: RegistryOptions,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#greetings = greetings;
    this.#onMade = onMade;
    this.#budgets = new Budgets(budgets, clock);
    this.#parts = new LocalParts({ hearWithinMs: replyOverdueMs * hearingPart, ...(onModelLoaded && { onLoaded: onModelLoaded }) });
  }

  /**
   * Makes ready what the default, the fallback and the contexts name, and reads the scripts of all others: what is wrong
   * with a provider shows at start and not on its first call. A provider that cannot be had is told to `onFailure`;
   * rejects with what it says when a call would be left without any, and with TP_ERR_SCRIPT_INVALID for every fault of
   * every script.
   */
  async makeReady(settings: CallProviders, onFailure: (name: string, error: unknown) => void): Promise<void> {
    this.#checkScripts();
    const chains = providerChains(settings);
    const failures = new Map<string, unknown>();
    await Promise.all(
      [...new Set(chains.flat())].map((name) =>
        this.get(name).catch((error: unknown) => {
          failures.set(name, error);
        }),
      ),
    );
    for (const chain of chains) if (chain.every((name) => failures.has(name))) throw failures.get(chain[0] as string);
    for (const [name, error] of failures) onFailure(name, error);
  }

  /** Rejects with TP_ERR_PROVIDER_UNKNOWN, or with what the provider's parts say. */
  get(name: string): Promise<GuardedProvider> {
    const known = this.#made.get(name);
    if (known) return known;
    const made = this.#guarded(name);
    this.#made.set(name, made);
    made.catch(() => this.#made.delete(name));
    return made;
  }

  /** Of a provider that was made. */
  guardOf(name: string): GuardedProvider | undefined {
    return this.#guards.get(name);
  }

  /** No call is given to it any more, or again, whether it is made ready by now or later; those that are with it stay. */
  switch(name: string, isOff: boolean): void {
    if (isOff) this.#off.add(name);
    else this.#off.delete(name);
  }

  isOff(name: string): boolean {
    return this.#off.has(name);
  }

  /** Voices for what is said without any provider, the quickest first; none when none is loaded. */
  voices(): Promise<readonly Speaker[]> {
    return this.#parts.voices();
  }

  /** How busy the local recognisers are, for the metrics. */
  get recognition(): readonly RecognitionLoad[] {
    return this.#parts.recognition;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#owned.map((part) => part.close()));
    await this.#parts.close();
  }

  #checkScripts(): void {
    const faults = new Set<string>();
    for (const settings of Object.values(this.#settings)) {
      const script = settings.type === 'cascade' ? settings.llm : settings;
      if (script.type !== 'scripted') continue;
      try {
        loadScript(script.script);
      } catch (error) {
        faults.add(messageOf(error));
      }
    }
    if (faults.size > 0) throw new TalkpathError('TP_ERR_SCRIPT_INVALID', [...faults].join('\n'));
  }

  async #guarded(name: string): Promise<GuardedProvider> {
    const provider = await this.#make(name);
    const settings = this.#settings[name];
    const limits = settings && isService(settings) && 'limits' in settings ? settings.limits : undefined;
    const guard = new GuardedProvider(provider, { limits, clock: this.#clock, budgets: limits && this.#budgets, isOff: () => this.#off.has(name) });
    this.#guards.set(name, guard);
    this.#onMade(guard);
    return guard;
  }

  async #make(name: string): Promise<Provider> {
    const settings = this.#settings[name];
    if (!settings) throw new TalkpathError('TP_ERR_PROVIDER_UNKNOWN', `No provider is named "${name}"`);
    switch (settings.type) {
      case 'echo':
        return createEchoProvider(name);
      case 'scripted': {
        const speech = { type: 'local', tier: settings.tier } as const;
        return this.#cascade(name, { stt: speech, llm: { type: 'scripted', script: settings.script }, tts: speech });
      }
      case 'cascade':
        return this.#cascade(name, settings);
      case 'openai-realtime':
        return createOpenAiRealtimeProvider(name, settings, this.#clock);
      case 'deepgram-agent':
        return createDeepgramAgentProvider(name, settings, this.#clock);
      case 'person':
        return createPersonProvider(name, settings.line, await this.voices());
    }
  }

  async #cascade(name: string, settings: CascadePartSettings): Promise<Provider> {
    const { limits } = settings;
    const owned: Closable[] = [];
    const own = async <T extends Closable>(making: Promise<T>): Promise<T> => {
      const part = await making;
      owned.push(part);
      return part;
    };
    const making = [
      settings.stt.type === 'local' ? this.#parts.stt(settings.stt.tier) : own(serviceRecogniser(settings.stt, this.#clock, limits)),
      own(languageModel(settings.llm, this.#clock, limits, this.#greetings)),
      settings.tts.type === 'local' ? this.#parts.tts(settings.tts.tier) : own(serviceVoice(settings.tts, this.#clock, limits)),
    ] as const;
    try {
      const [stt, llm, tts] = await Promise.all(making);
      this.#owned.push(...owned);
      void tts.prepare?.(llm.knownSentences);
      return createCascadeProvider(name, { stt, llm, tts }, this.#clock, { earlyReply: settings.early_reply === true });
    } catch (error) {
      // It may be asked for again and again: what was made of it is of no use.
      await Promise.allSettled(making);
      await Promise.allSettled(owned.map((part) => part.close()));
      throw error;
    }
  }
}

/** Whether it costs money and goes over a network: a cascade whose parts are all on this machine does not. */
function isService(settings: ProviderSettings): boolean {
  if (settings.type !== 'cascade') return settings.type === 'openai-realtime' || settings.type === 'deepgram-agent';
  return settings.stt.type !== 'local' || settings.llm.type !== 'scripted' || settings.tts.type !== 'local';
}
