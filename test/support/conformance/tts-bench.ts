import type { Fault } from '#emulators/fault.js';
import { type Manner, wholeSpeech } from '#emulators/sent-speech.js';
import type { AudioFormat } from '#talkpath/base/audio-format.js';
import { type Clock, systemClock } from '#talkpath/base/clock.js';
import type { ErrorCode } from '#talkpath/base/errors.js';
import type { SpeechLimits } from '#talkpath/providers/cascade/tts/service-speech.js';
import type { SpeechPiece, TextToSpeech, TtsEvent, TtsSession } from '#talkpath/providers/cascade/tts/tts.js';
import { within } from '../deadline.js';

/** An emulated voice, as far as every test of one needs it. */
export interface EmulatedVoice {
  readonly violations: readonly string[];
  readonly manner: Manner;
  readonly spoken: readonly string[];
  readonly openConnections: number;
  /** Requests that are not finished; of services that are spoken to by requests. */
  readonly atWork?: number;
  fault: Fault | undefined;
  listen(): Promise<void>;
  dropAll(): void;
  close(): Promise<void>;
}

/** What is to be known of an adapter to try it. */
export interface VoiceUnderTest<Service extends EmulatedVoice = EmulatedVoice> {
  readonly outputs: readonly AudioFormat[];
  readonly service: () => Service;
  readonly create: (service: Service, clock: Clock, limits: SpeechLimits) => TextToSpeech | Promise<TextToSpeech>;
  /** The key that the service was given, which no message may repeat. */
  readonly key: string;
  /** Whether a network that does not work shows when a session is opened, or when the first sentence is spoken. */
  readonly connects: 'when-opened' | 'when-spoken';
  /** What it can be told that is no audio. */
  readonly garbage: readonly ('garbage-json' | 'garbage-base64')[];
}

/** Longer than anything takes here, on a machine that is busy with other things. */
export const patient: SpeechLimits = { connect_ms: 5000, first_audio_ms: 5000, idle_ms: 3000 };
export const impatient: SpeechLimits = { connect_ms: 300, first_audio_ms: 300, idle_ms: 250 };

/** The system's clock, which knows how many of its timers are still to come. */
export class CountingClock implements Clock {
  pending = 0;
  nowMs = systemClock.nowMs;
  wallTime = systemClock.wallTime;

  after(delayMs: number, action: () => void): () => void {
    let isPending = true;
    this.pending += 1;
    const settle = (): void => {
      if (isPending) this.pending -= 1;
      isPending = false;
    };
    const cancel = systemClock.after(delayMs, () => {
      settle();
      action();
    });
    return () => {
      settle();
      cancel();
    };
  }
}

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** One service, one adapter, and sessions of it. */
export class VoiceBench<Service extends EmulatedVoice = EmulatedVoice> {
  readonly service: Service;
  readonly clock = new CountingClock();
  readonly events: TtsEvent[] = [];
  readonly call = new AbortController();
  readonly #voice: VoiceUnderTest<Service>;
  #tts: TextToSpeech | undefined;

  private constructor(voice: VoiceUnderTest<Service>) {
    this.#voice = voice;
    this.service = voice.service();
  }

  static async start<Service extends EmulatedVoice>(voice: VoiceUnderTest<Service>): Promise<VoiceBench<Service>> {
    const bench = new VoiceBench(voice);
    await bench.service.listen();
    return bench;
  }

  async tts(limits: SpeechLimits = patient): Promise<TextToSpeech> {
    this.#tts ??= await this.#voice.create(this.service, this.clock, limits);
    return this.#tts;
  }

  async open({
    output = this.#voice.outputs[0] as AudioFormat,
    limits = patient,
    language = undefined as string | undefined,
  } = {}): Promise<TtsSession> {
    const tts = await this.tts(limits);
    const options = { output, language, signal: this.call.signal, on: (event: TtsEvent) => void this.events.push(event) };
    return within(10_000, 'a session', Promise.resolve(tts.open(options)));
  }

  /** What a sentence should become. */
  whole(text: string, output = this.#voice.outputs[0] as AudioFormat): Buffer {
    return wholeSpeech(text, output, this.service.manner);
  }

  get characters(): number {
    return this.events.reduce((sum, event) => sum + (event.type === 'usage' ? (event.usage.tts_characters ?? 0) : 0), 0);
  }

  get failures(): number {
    return this.events.filter(({ type }) => type === 'failed').length;
  }

  async end(): Promise<void> {
    this.call.abort();
    await this.#tts?.close();
    await this.service.close();
  }
}

/** All audio of one sentence. */
export async function heard(speech: AsyncIterable<SpeechPiece>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const all = async (): Promise<void> => {
    for await (const { audio } of speech) pieces.push(audio);
  };
  await within(20_000, 'the end of a sentence', all());
  return Buffer.concat(pieces);
}

/** Its first piece, and what takes the rest. */
export async function begun(speech: AsyncIterable<SpeechPiece>): Promise<{ first: SpeechPiece; rest: AsyncIterator<SpeechPiece> }> {
  const rest = speech[Symbol.asyncIterator]();
  const { done, value } = await within(10_000, 'the first audio', rest.next());
  if (done) throw new Error('the sentence ended without audio');
  return { first: value, rest };
}

/** The error that something ends with. */
export async function failureOf(what: Promise<unknown>): Promise<Failure> {
  const outcome = await within(
    20_000,
    'a failure',
    what.then(
      () => undefined,
      (error: unknown) => error as Failure,
    ),
  );
  if (!outcome) throw new Error('it went well');
  return outcome;
}
