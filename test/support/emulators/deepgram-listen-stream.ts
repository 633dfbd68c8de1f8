import type { WebSocket } from 'ws';
import type { DeepgramHost } from './deepgram-listen.js';
import { type Heard, RecognisedSpeech, type RecognisedWord } from './recognised-speech.js';

const interimEveryMs = 500;
/** Silence that ends a result. */
const endpointMs = 200;
const longestMs = 3000;
/** Finalize is not answered when there is less to recognise. */
const leastMs = 100;

/** One connection to /v1/listen. */
export class ListenStream {
  readonly #socket: WebSocket;
  readonly #host: DeepgramHost;
  readonly #speech: RecognisedSpeech;
  #words: RecognisedWord[] = [];
  #finalMs = 0;
  #interimMs = 0;
  #loudMs = 0;
  #spokeSince = false;

  constructor(socket: WebSocket, host: DeepgramHost) {
    this.#socket = socket;
    this.#host = host;
    this.#speech = new RecognisedSpeech(host.format, host.nextText);
  }

  hear(audio: Uint8Array): void {
    this.#speech.hear(audio, (heard) => this.#step(heard));
  }

  control(type: string): void {
    switch (type) {
      case 'KeepAlive':
        return;
      case 'Finalize':
        if (this.#host.knobs.finalizes && this.#speech.atMs - this.#finalMs >= leastMs) this.#final(this.#speech.atMs, { from_finalize: true });
        return;
      case 'CloseStream':
        if (!this.#host.knobs.closesStream) return;
        this.#final(this.#speech.atMs, {});
        this.#host.tell(
          {
            type: 'Metadata',
            transaction_key: 'deprecated',
            request_id: 'r-1',
            sha256: '',
            created: '',
            duration: this.#speech.atMs / 1000,
            channels: 1,
          },
          this.#loudMs,
        );
        this.#socket.close(1000);
        return;
      default:
        this.#host.violated(`listen v1 does not know ${type}`);
        this.#socket.close(1008, 'DATA-0000');
    }
  }

  #step({ atMs, isLoud, silentMs, words }: Heard): void {
    this.#words.push(...words);
    if (isLoud) this.#loudMs += 20;
    if (isLoud) this.#spokeSince = true;
    if (this.#spokeSince && silentMs === endpointMs && this.#host.knobs.endpoints) this.#final(atMs, { speech_final: true });
    else if (atMs - this.#finalMs >= longestMs) this.#final(atMs, {});
    else if (atMs - this.#interimMs >= interimEveryMs && this.#host.query.get('interim_results') === 'true') {
      this.#interimMs = atMs;
      this.#result(atMs, { is_final: false });
    }
  }

  #final(atMs: number, kind: object): void {
    this.#result(atMs, { is_final: true, ...kind });
    this.#words = [];
    this.#finalMs = atMs;
    this.#interimMs = atMs;
    this.#spokeSince = false;
  }

  #result(atMs: number, kind: object): void {
    const words = this.#words.map(({ text, fromMs, toMs }) => ({
      word: text.toLowerCase().replaceAll(/[.,?!]/g, ''),
      start: fromMs / 1000,
      end: toMs / 1000,
      confidence: 0.9,
      punctuated_word: text,
    }));
    const transcript = words.map((word) => word.punctuated_word).join(' ');
    this.#host.tell(
      {
        type: 'Results',
        channel_index: [0, 1],
        duration: (atMs - this.#finalMs) / 1000,
        start: this.#finalMs / 1000,
        speech_final: false,
        from_finalize: false,
        ...kind,
        channel: { alternatives: [{ transcript, confidence: 0.9, words }] },
        metadata: { request_id: 'r-1', model_info: { name: 'emulated', version: '1', arch: 'nova-3' }, model_uuid: 'm-1' },
      },
      this.#loudMs,
    );
  }
}
