import type { WebSocket } from 'ws';
import type { DeepgramHost } from './deepgram-listen.js';
import { type Heard, RecognisedSpeech, type RecognisedWord } from './recognised-speech.js';

const updateEveryMs = 240;
/** Silence after which the model is sure that the caller's turn is over, and half as sure. */
const turnEndsAfterMs = 300;
const eagerAfterMs = 160;
const standardTimeoutMs = 5000;

/** One connection to /v2/listen. */
export class FluxStream {
  readonly #socket: WebSocket;
  readonly #host: DeepgramHost;
  readonly #speech: RecognisedSpeech;
  #sequence = 0;
  #turn = 0;
  #words: RecognisedWord[] = [];
  #isEager = false;
  #toldMs = 0;
  #windowMs = 0;
  #loudMs = 0;

  constructor(socket: WebSocket, host: DeepgramHost) {
    this.#socket = socket;
    this.#host = host;
    this.#speech = new RecognisedSpeech(host.format, host.nextText);
    this.#tell({ type: 'Connected', request_id: 'r-1' });
  }

  hear(audio: Uint8Array): void {
    this.#speech.hear(audio, (heard) => this.#step(heard));
  }

  control(type: string): void {
    if (type === 'CloseStream') {
      if (this.#host.knobs.closesStream) this.#socket.close(1000);
    } else if (type === 'ForceEndTurn' && this.#host.knobs.forcesEndTurn) {
      if (this.#words.length > 0) this.#endTurn(this.#speech.atMs, 'manual');
    } else {
      if (type !== 'ForceEndTurn') this.#host.violated(`listen v2 does not know ${type}`);
      this.#tell({ type: 'Error', code: 'UNPARSABLE_CLIENT_MESSAGE', description: 'The message "secret words" is not known' });
      this.#socket.close(1008);
    }
  }

  #step({ atMs, isLoud, silentMs = 0, words }: Heard): void {
    if (isLoud) this.#loudMs += 20;
    const starts = this.#words.length === 0 && words.length > 0;
    this.#words.push(...words);
    const isOpen = this.#words.length > 0;
    const timeoutMs = Number(this.#host.query.get('eot_timeout_ms') ?? standardTimeoutMs);
    const isEagerAsked = this.#host.query.has('eager_eot_threshold');
    if (starts) this.#turnInfo('StartOfTurn', atMs, 0.1);
    else if (this.#isEager && isLoud) {
      this.#isEager = false;
      this.#turnInfo('TurnResumed', atMs, 0.1);
    } else if (isOpen && isEagerAsked && !this.#isEager && silentMs === eagerAfterMs) {
      this.#isEager = true;
      this.#turnInfo('EagerEndOfTurn', atMs, 0.5);
    } else if (isOpen && silentMs >= turnEndsAfterMs && this.#host.knobs.endpoints) this.#endTurn(atMs, 'model');
    else if (isOpen && silentMs >= timeoutMs) this.#endTurn(atMs, 'timeout');
    else if (atMs - this.#toldMs >= updateEveryMs) this.#turnInfo('Update', atMs, 0.2);
  }

  #endTurn(atMs: number, trigger: string): void {
    this.#turnInfo('EndOfTurn', atMs, 0.8, { trigger });
    this.#turn += 1;
    this.#words = [];
    this.#isEager = false;
    this.#windowMs = atMs;
  }

  #turnInfo(event: string, atMs: number, confidence: number, more: object = {}): void {
    this.#toldMs = atMs;
    this.#tell({
      type: 'TurnInfo',
      request_id: 'r-1',
      event,
      turn_index: this.#turn,
      audio_window_start: this.#windowMs / 1000,
      audio_window_end: atMs / 1000,
      transcript: this.#words.map(({ text }) => text).join(' '),
      words: this.#words.map(({ text, fromMs, toMs }) => ({ word: text, confidence: 0.9, start: fromMs / 1000, end: toMs / 1000 })),
      end_of_turn_confidence: confidence,
      ...more,
    });
  }

  #tell(message: object): void {
    this.#host.tell({ sequence_id: this.#sequence, ...message }, this.#loudMs);
    this.#sequence += 1;
  }
}
