import type { Manner } from '#emulators/deepgram-agent/reply.js';
import { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import type { AudioFormat } from '#talkpath/base/audio-format.js';
import { provider as providerSettings, type SettingsOf } from '#talkpath/config/providers.js';
import { createDeepgramAgentProvider } from '#talkpath/providers/deepgram-agent/provider.js';
import type { CallContext, ConnectOptions, ProviderEvent, ProviderSession, Said } from '#talkpath/providers/provider.js';
import { callContext, toolNamed } from '../../../support/call-context.js';
import { eventually, within } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';

export const mulaw: AudioFormat = { encoding: 'mulaw', rateHz: 8000 };
export const nothingHeard = { ms: 0, text: '' };

const frameMs = 20;
const deadlineMs = 3000;
const speech = new Uint8Array(160).fill(0x1f);
const silence = new Uint8Array(160).fill(0xff);

export const settingsFor = (url: string, more: object = {}): SettingsOf<'deepgram-agent'> =>
  providerSettings.parse({ type: 'deepgram-agent', url, api_key: 'emulated-key', ...more }) as SettingsOf<'deepgram-agent'>;

export interface CallOptions {
  readonly settings?: object;
  readonly call?: Partial<CallContext>;
  readonly history?: readonly Said[];
  readonly prepare?: (service: EmulatedDeepgramAgent) => void;
}

/** Lets the service do what the real one was seen to do at times. */
export const behaving = (manner: Partial<Manner>): CallOptions => ({
  prepare: (service) => {
    Object.assign(service.manner, manner);
  },
});

type EventType = ProviderEvent['type'];
type EventOf<T extends EventType> = Extract<ProviderEvent, { type: T }>;

/** A call with the emulated agent, of which everything that talkpath is told is remembered. */
export class AgentCall {
  readonly service: EmulatedDeepgramAgent;
  readonly session: ProviderSession;
  readonly events: ProviderEvent[];
  readonly clock: ManualClock;
  readonly abort: AbortController;
  /** What the test does when talkpath is told something. */
  react: (event: ProviderEvent) => void = () => {};
  #sentBytes = 0;

  private constructor(parts: Pick<AgentCall, 'service' | 'session' | 'events' | 'clock' | 'abort'>) {
    this.service = parts.service;
    this.session = parts.session;
    this.events = parts.events;
    this.clock = parts.clock;
    this.abort = parts.abort;
  }

  static async open({ settings = {}, call = {}, history = [], prepare }: CallOptions = {}): Promise<AgentCall> {
    const service = new EmulatedDeepgramAgent();
    await service.listen();
    prepare?.(service);
    const clock = new ManualClock();
    const abort = new AbortController();
    const events: ProviderEvent[] = [];
    let opened: AgentCall | undefined;
    const provider = createDeepgramAgentProvider('agent', settingsFor(service.url, settings), clock);
    const options: ConnectOptions = {
      signal: abort.signal,
      input: mulaw,
      output: mulaw,
      on: (event) => {
        events.push(event);
        opened?.react(event);
      },
      call: callContext({ tools: ['find_table', 'find_room', 'find', 'hang_up', 'y'].map(toolNamed), ...call }),
      history,
    };
    try {
      const session = await within(deadlineMs, 'a conversation', provider.connect(options));
      opened = new AgentCall({ service, session, events, clock, abort });
      return opened;
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  /** Runs a test with a call, and ends both. What the client did wrong fails it. */
  static async with(options: CallOptions, run: (call: AgentCall) => Promise<void>): Promise<void> {
    const call = await AgentCall.open(options);
    try {
      await run(call);
      if (call.service.violations.length > 0) throw new Error(call.service.violations.join('; '));
    } finally {
      call.session.close();
      await call.service.close();
    }
  }

  /** The caller speaks, and is silent for as long as ends a turn. */
  speak(ms = 200): void {
    this.send(ms, true);
    this.send(this.service.manner.endMs, false);
  }

  send(ms: number, isSpeech: boolean): void {
    for (let sentMs = 0; sentMs < ms; sentMs += frameMs) {
      this.session.sendAudio(isSpeech ? speech : silence, isSpeech);
      this.#sentBytes += speech.byteLength;
    }
  }

  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Of a turn, as "agent: text" and "caller: text", with each stretch of audio by its replies' numbers. */
  told(turn: number): string[] {
    const told: string[] = [];
    for (const event of this.events) {
      if (!('turn' in event) || event.turn !== turn) continue;
      if (event.type === 'transcript') told.push(`${event.who}: ${event.text}`);
      else if (event.type === 'reply-audio') told.push(`audio of ${[...new Set(event.audio)].join(' and ')}`);
      else if (event.type !== 'timing') told.push(event.type === 'tool-call' ? `tool-call ${event.name}` : event.type);
    }
    return told.filter((one, i) => !(one.startsWith('audio') && one === told[i - 1]));
  }

  audioBytes(turn: number): number {
    return this.of('reply-audio').reduce((sum, event) => sum + (event.turn === turn ? event.audio.byteLength : 0), 0);
  }

  /** The `count`th event of a type, when it has come. */
  async until<T extends EventType>(type: T, count = 1): Promise<EventOf<T>> {
    return eventually(deadlineMs, `${type} ${count} after ${this.events.map((event) => event.type).join()}`, () => this.of(type)[count - 1], 5);
  }

  async untilEnded(turn: number): Promise<void> {
    await this.when(`the end of turn ${turn}`, () => this.of('reply-ended').some((event) => event.turn === turn));
  }

  async when(what: string, holds: () => boolean): Promise<void> {
    await eventually(deadlineMs, `${what} after ${this.events.map((event) => event.type).join()}`, holds, 5);
  }

  /** What the service was told, by type. */
  said(type: string): { readonly type: string; readonly content?: string; readonly message?: string; readonly id?: string }[] {
    return this.service.conversation.received.filter((message) => message.type === type);
  }

  /** The service has taken the caller's audio, and this side what the service has said of it. */
  async settledAudio(): Promise<void> {
    const { conversation } = this.service;
    await this.when('the audio at the service', () => conversation.receivedBytes === this.#sentBytes);
    await within(deadlineMs, 'an answer to a ping', conversation.flushed());
  }

  /** Both sides have taken all that the other has said so far, and the service says no more. */
  async settled(): Promise<void> {
    const { conversation } = this.service;
    // What was sent before the answer to a ping has come before it.
    await within(deadlineMs, 'an answer to a ping', conversation.flushed());
    await this.settledAudio();
    await this.when('the end of what the service says', () => !conversation.isReplying);
    await within(deadlineMs, 'an answer to a ping', conversation.flushed());
  }
}
