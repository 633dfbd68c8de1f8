import { type AudioFormat, audioBytes } from '#talkpath/base/audio-format.js';
import type { SpeechToText, SttEvent, SttSession } from '#talkpath/providers/cascade/stt/stt.js';
import { eventually } from '../deadline.js';
import { pcma, pcmu } from '../sip/codec.js';
import { silence, tone } from '../sound.js';

const frameMs = 20;
/** How long the engine's detector goes on after speech. */
const hangoverMs = 200;
/** Silence that ends a turn where talkpath decides. */
const turnEndMs = 400;

/** A caller and the session that hears it. Audio comes as fast as it is made: services go by the audio's own time. */
export class SttCaller {
  readonly events: SttEvent[] = [];
  readonly #call = new AbortController();
  readonly #input: AudioFormat;
  #opened: SttSession | undefined;

  private constructor(input: AudioFormat) {
    this.#input = input;
  }

  static async open(stt: SpeechToText, { input = stt.inputs[0] as AudioFormat, language }: { input?: AudioFormat; language?: string } = {}) {
    const caller = new SttCaller(input);
    const opened = stt.open({ input, language, signal: caller.#call.signal, on: (event) => caller.events.push(event) });
    caller.#opened = await opened;
    return caller;
  }

  /** Opens a session for a call that ends before it stands. */
  static async openAborted(stt: SpeechToText, until: () => Promise<unknown>): Promise<unknown> {
    const caller = new SttCaller(stt.inputs[0] as AudioFormat);
    const opened = Promise.resolve(
      stt.open({ input: caller.#input, language: undefined, signal: caller.#call.signal, on: (event) => caller.events.push(event) }),
    );
    const outcome = opened.then(
      () => undefined,
      (error: unknown) => error,
    );
    await until();
    caller.hangUp();
    return outcome;
  }

  get session(): SttSession {
    if (!this.#opened) throw new Error('the session is not open');
    return this.#opened;
  }

  /** Speaks without a pause, and goes on as long as nothing else is called. */
  speak(ms: number): void {
    this.#push(tone(300, ms, this.#input.rateHz), true);
  }

  /** Falls silent for as long as ends a turn, or shorter. */
  pause(ms = hangoverMs + turnEndMs): void {
    this.#push(silence(Math.min(ms, hangoverMs), this.#input.rateHz), true);
    this.#push(silence(Math.max(0, ms - hangoverMs), this.#input.rateHz), false);
  }

  /** Says nothing, and is not thought to. */
  listen(ms: number): void {
    this.#push(silence(ms, this.#input.rateHz), false);
  }

  /** One utterance, and the silence after it. */
  say(ms = 1000): void {
    this.speak(ms);
    this.pause();
  }

  take(): Promise<string> {
    return this.session.take();
  }

  hangUp(): void {
    this.#call.abort();
  }

  count(type: SttEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  get failure() {
    return this.events.flatMap((event) => (event.type === 'failed' ? [event.error] : []))[0];
  }

  /** Usage so far, by unit. */
  used(unit: 'stt_seconds' | 'stt_tokens'): number {
    return this.events.reduce((sum, event) => sum + (event.type === 'usage' ? (event.usage[unit] ?? 0) : 0), 0);
  }

  /** Waits until so many events of the type have come. */
  async heard(type: SttEvent['type'], count = 1): Promise<void> {
    await eventually(5000, `${count} events ${type}`, () => this.count(type) >= count, 2);
  }

  #push(samples: Int16Array, speaking: boolean): void {
    const { encoding, rateHz } = this.#input;
    const bytes =
      encoding === 'pcm16'
        ? new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
        : (encoding === 'mulaw' ? pcmu : pcma).encode(samples);
    const frameBytes = audioBytes(frameMs, { encoding, rateHz });
    // One piece of memory for all frames, as whoever reads from a socket has: what is kept of it must be copied.
    const frame = Buffer.alloc(frameBytes);
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const part = bytes.subarray(at, at + frameBytes);
      frame.set(part);
      this.session.push(frame.subarray(0, part.length), speaking);
      frame.fill(0x55);
    }
  }
}
