import { type AudioFormat, audioBytes, audioMs } from '#talkpath/base/audio-format.js';
import { pickFormat } from '#talkpath/call/plan.js';
import { fromPcm16 } from '#talkpath/native/g711-codec.js';
import type { CallContext, Provider, ProviderEvent, ProviderSession, Said } from '#talkpath/providers/provider.js';
import { callContext } from '../call-context.js';
import { within } from '../deadline.js';
import { tone } from '../sound.js';

type EventOf<T extends ProviderEvent['type']> = Extract<ProviderEvent, { readonly type: T }>;

const deadlineMs = 5000;

/** A call with a provider as talkpath has one: its session, and everything it tells. */
export class KitCall {
  readonly events: ProviderEvent[] = [];
  readonly abort = new AbortController();
  readonly input: AudioFormat;
  readonly output: AudioFormat;
  readonly #provider: Provider;
  readonly #waiting = new Set<() => void>();
  #session: ProviderSession | undefined;

  constructor(provider: Provider, lineRateHz = 8000) {
    this.#provider = provider;
    this.input = pickFormat(lineRateHz, provider.abilities.inputs);
    this.output = pickFormat(lineRateHz, provider.abilities.outputs);
  }

  async connect(known: Partial<CallContext> = {}, history: readonly Said[] = []): Promise<ProviderSession> {
    this.#session = await within(
      deadlineMs,
      'the provider connects',
      this.#provider.connect({
        signal: this.abort.signal,
        input: this.input,
        output: this.output,
        call: callContext(known),
        history,
        on: (event) => {
          this.events.push(event);
          for (const look of [...this.#waiting]) look();
        },
      }),
    );
    return this.#session;
  }

  get session(): ProviderSession {
    if (!this.#session) throw new Error('not connected');
    return this.#session;
  }

  /** The caller speaks and falls silent, in the audio's own time but quicker; the provider may decide that this was all. */
  speak(ms = 700): void {
    this.#send(tone(440, ms, this.input.rateHz, -14), true);
  }

  silence(ms = 1500): void {
    this.#send(new Int16Array(Math.round((ms * this.input.rateHz) / 1000)), false);
  }

  /** The caller's turn from its first sound to the reply's request, whoever decides that it is over. */
  async takeTurn(turn: number, last = false): Promise<void> {
    const ended = this.of('turn-ended').length;
    this.speak();
    this.silence();
    if (this.#provider.abilities.turnTaking === 'own') {
      await this.until('the turn ends', () => this.of('turn-ended').length > ended);
    }
    this.session.requestReply(turn, 'caller', last);
  }

  of<T extends ProviderEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Of one turn, in order. */
  ofTurn(turn: number): ProviderEvent[] {
    return this.events.filter((event) => 'turn' in event && event.turn === turn);
  }

  /** Milliseconds of audio that the turn has had. */
  audioMsOf(turn: number): number {
    return this.of('reply-audio')
      .filter((event) => event.turn === turn)
      .reduce((sum, { audio, format }) => sum + audioMs(audio, format), 0);
  }

  /** The agent's words in a turn. */
  saidIn(turn: number): string {
    return this.of('transcript')
      .filter((event) => event.turn === turn && event.who === 'agent' && event.final)
      .map(({ text }) => text)
      .join(' ');
  }

  async replyEnds(turn: number): Promise<void> {
    await this.until(`the reply of turn ${turn} ends`, () => this.of('reply-ended').some((event) => event.turn === turn));
  }

  until(what: string, holds: () => boolean): Promise<void> {
    const happened = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    return within(deadlineMs, `${what}; so far: ${this.events.map(({ type }) => type).join(', ')}`, happened);
  }

  #send(samples: Int16Array, speaking: boolean): void {
    const audio = fromPcm16(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), this.input.encoding);
    const frame = audioBytes(20, this.input);
    for (let at = 0; at < audio.byteLength; at += frame) this.session.sendAudio(audio.slice(at, at + frame), speaking);
    if (speaking) this.session.sendAudio(new Uint8Array(0), false);
  }
}
