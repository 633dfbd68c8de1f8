import { getEventListeners } from 'node:events';
import * as assert from 'uvu/assert';
import { OpenAiRealtimeService } from '#emulators/openai-realtime.js';
import { type AudioFormat, audioBytes } from '#talkpath/base/audio-format.js';
import { type Clock, systemClock } from '#talkpath/base/clock.js';
import { provider, type SettingsOf } from '#talkpath/config/providers.js';
import { fromPcm16 } from '#talkpath/native/g711-codec.js';
import { createOpenAiRealtimeProvider } from '#talkpath/providers/openai-realtime/provider.js';
import type { CallContext, ConnectOptions, Provider, ProviderEvent, ProviderSession } from '#talkpath/providers/provider.js';
import { callContext, toolNamed } from '../../../support/call-context.js';
import { eventually, within } from '../../../support/deadline.js';
import { tone } from '../../../support/sound.js';

export const mulaw: AudioFormat = { encoding: 'mulaw', rateHz: 8000 };
const frameMs = 20;
const longestTestMs = 8000;
/** Of a recognition that nobody asked for. */
const caughtUpSeconds = 12_345;

type EventOf<T extends ProviderEvent['type']> = Extract<ProviderEvent, { readonly type: T }>;

interface Opening extends Partial<Pick<ConnectOptions, 'input' | 'output' | 'history'>> {
  /** Settings other than the standard ones. */
  readonly set?: object;
  readonly call?: Partial<CallContext>;
}

/** A provider before an emulated service, and everything that it tells. */
export class Bench {
  readonly events: ProviderEvent[] = [];
  readonly abort = new AbortController();
  clock: Clock = systemClock;
  /** Called with each event, at once. */
  onEvent: (event: ProviderEvent) => void = () => {};
  /** What the service is to have found wrong with us. */
  violations: readonly string[] = [];
  #session: ProviderSession | undefined;
  #hasConnected = false;
  readonly #waiting = new Set<() => void>();
  #input = mulaw;

  private constructor(readonly service: OpenAiRealtimeService) {}

  static async start(): Promise<Bench> {
    const service = new OpenAiRealtimeService();
    await service.listen();
    return new Bench(service);
  }

  provider(set: object = {}): Provider {
    const settings = provider.parse({ type: 'openai-realtime', url: this.service.base, api_key: this.service.key, ...set });
    return createOpenAiRealtimeProvider('test', settings as SettingsOf<'openai-realtime'>, this.clock);
  }

  async open({ set, call, input = mulaw, output = mulaw, history = [] }: Opening = {}): Promise<ProviderSession> {
    this.#input = input;
    this.#hasConnected = true;
    const on = (event: ProviderEvent): void => {
      this.events.push(event);
      this.onEvent(event);
      for (const look of [...this.#waiting]) look();
    };
    this.#session = await this.provider(set).connect({
      signal: this.abort.signal,
      input,
      output,
      on,
      call: callContext({ tools: ['lookup', 'note', 'hang_up', 'book'].map(toolNamed), ...call }),
      history,
    });
    return this.#session;
  }

  get session(): ProviderSession {
    if (!this.#session) throw new Error('no session was opened');
    return this.#session;
  }

  eventsOf<T extends ProviderEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** The event of this type, when there have been so many; of the turn and of whom, if that is named. */
  event<T extends ProviderEvent['type']>(
    type: T,
    { count = 1, turn, who }: { readonly count?: number; readonly turn?: number; readonly who?: 'caller' | 'agent' } = {},
  ): Promise<EventOf<T>> {
    const isMeant = (event: ProviderEvent): boolean =>
      (turn === undefined || ('turn' in event && event.turn === turn)) && (who === undefined || ('who' in event && event.who === who));
    return this.until(() => this.eventsOf(type).filter(isMeant)[count - 1]);
  }

  /** Resolves when `ask` returns something else than undefined or false; asked at every event. */
  until<T>(ask: () => T | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const answer = ask();
        if (answer === undefined || answer === false) return;
        this.#waiting.delete(look);
        resolve(answer);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** The client's message of this type, when so many have come to the service. */
  received(type: string, count = 1): Promise<Record<string, unknown>> {
    return this.service.until(() => this.service.receivedOf(type)[count - 1]);
  }

  /** The service has sent so many events of this type. */
  sent(type: string, count = 1): Promise<Record<string, unknown>> {
    return this.service.until(() => this.service.sent.filter((event) => event.type === type)[count - 1]);
  }

  /** The client has taken everything that the service has sent so far. */
  async caughtUp(): Promise<void> {
    const type = 'conversation.item.input_audio_transcription.completed';
    const count = this.eventsOf('usage').filter(({ usage }) => usage.stt_seconds === caughtUpSeconds).length;
    this.service.session.send({ type, item_id: 'none', transcript: '', usage: { type: 'duration', seconds: caughtUpSeconds } });
    await this.until(() => this.eventsOf('usage').filter(({ usage }) => usage.stt_seconds === caughtUpSeconds).length > count);
  }

  /** The caller speaks, or is silent, frame by frame; `noticed` is what the engine makes of it. */
  hear(ms: number, speaks: boolean, noticed = speaks): void {
    const sound = speaks ? tone(400, ms, this.#input.rateHz, -20) : new Int16Array((ms * this.#input.rateHz) / 1000);
    const audio = fromPcm16(new Uint8Array(sound.buffer), this.#input.encoding);
    const bytes = audioBytes(frameMs, this.#input);
    for (let at = 0; at < audio.length; at += bytes) this.session.sendAudio(audio.slice(at, at + bytes), noticed);
  }

  /** The words of an agent's turn as they were told. */
  said(turn: number): string {
    return this.eventsOf('transcript')
      .filter((event) => event.who === 'agent' && event.turn === turn)
      .map(({ text }) => text)
      .join(' ');
  }

  /** How much audio of a turn has come. */
  heardMs(turn: number): number {
    const audio = this.eventsOf('reply-audio').filter((event) => event.turn === turn);
    return audio.reduce((sum, { audio, format }) => sum + (1000 * audio.length) / audioBytes(1000, format), 0);
  }

  async close(): Promise<void> {
    this.#session?.close();
    try {
      assert.is(getEventListeners(this.abort.signal, 'abort').length, 0, 'nobody waits for the end of the call any more');
      if (this.#hasConnected) await eventually(2000, 'the client leaves no connection open', () => this.service.openConnections === 0, 5);
    } finally {
      await this.service.close();
    }
  }
}

/** A test of a session: with a deadline, and with a service that finds nothing wrong. */
export function checked(test: (name: string, run: () => Promise<void>) => void): (name: string, run: (bench: Bench) => Promise<void>) => void {
  return (name, run) =>
    test(name, async () => {
      const bench = await Bench.start();
      try {
        await within(longestTestMs, name, run(bench));
        assert.equal(bench.service.violations, bench.violations);
      } finally {
        await bench.close();
      }
    });
}
