import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { DeepgramSpeakStream } from './deepgram-speak-stream.js';
import { usualManner } from './sent-speech.js';
import { EmulatedService, Refusal } from './service.js';
import type { VoiceFormat } from './voice-sound.js';

const queryNames = ['model', 'encoding', 'sample_rate', 'mip_opt_out', 'speed', 'tag'];
const rates: Readonly<Record<string, { readonly encoding: VoiceFormat['encoding']; readonly rateHz: readonly number[] }>> = {
  linear16: { encoding: 'pcm16', rateHz: [8000, 16_000, 24_000, 32_000, 48_000] },
  mulaw: { encoding: 'mulaw', rateHz: [8000, 16_000] },
  alaw: { encoding: 'alaw', rateHz: [8000, 16_000] },
};

/** The first version of Deepgram's speaking WebSocket. */
export class EmulatedDeepgramSpeak extends EmulatedService {
  readonly key = 'deepgram-key';
  readonly models = ['aura-2-thalia-en', 'aura-asteria-en'];
  readonly manner = usualManner();
  /** Texts, in the order in which they were begun. */
  readonly spoken: string[] = [];
  /** Sockets that were accepted. */
  connections = 0;
  clears = 0;
  farewells = 0;
  /** The next order to flush is answered by a warning of this code, and not carried out. */
  nextWarning: string | undefined;
  /** Said once the next text comes, in the place of its audio. */
  nextMessage: string | undefined;
  /** Said with the next text that comes, which is spoken all the same. */
  remark: string | undefined;
  readonly #open = new Set<WebSocket>();

  /** Says something on every socket. */
  say(message: string): void {
    for (const socket of this.#open) socket.send(message);
  }

  protected override accept(request: IncomingMessage, url: URL): void {
    if (url.pathname !== '/v1/speak' || request.method !== 'GET') throw new Refusal(404, { err_code: 'NOT_FOUND' });
    if (request.headers.authorization !== `Token ${this.key}`) throw new Refusal(401, { err_code: 'INVALID_AUTH', err_msg: 'Invalid credentials.' });
    const query = url.searchParams;
    for (const name of query.keys()) if (!queryNames.includes(name)) throw new Refusal(400, { err_code: 'INVALID_QUERY_PARAMETER', err_msg: name });
    if (!this.models.includes(query.get('model') ?? '')) throw new Refusal(400, { err_code: 'INVALID_QUERY_PARAMETER', err_msg: 'model' });
    if (!formatOf(query)) throw new Refusal(400, { err_code: 'UNSUPPORTED_AUDIO_FORMAT' });
  }

  protected override takeSocket(socket: WebSocket, url: URL): void {
    this.connections += 1;
    this.#open.add(socket);
    const model_name = url.searchParams.get('model') ?? '';
    socket.send(JSON.stringify({ type: 'Metadata', request_id: randomUUID(), model_name, model_version: '1', model_uuid: randomUUID() }));
    const stream = new DeepgramSpeakStream({
      format: formatOf(url.searchParams) as VoiceFormat,
      manner: this.manner,
      fault: () => this.fault,
      later: (ms, action) => this.later(ms, action),
      socket,
      onSpoken: (text) => this.spoken.push(text),
      violated: (what) => this.violated(what),
    });
    socket.on('close', () => {
      this.#open.delete(socket);
      stream.stop();
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        this.violated('a binary message');
        socket.close(1003, 'MESSAGE-0000');
        return;
      }
      this.#takeMessage(data.toString(), stream, socket);
    });
  }

  #takeMessage(data: string, stream: DeepgramSpeakStream, socket: WebSocket): void {
    const message = parsed(data);
    const { type, text, ...more } = message ?? {};
    const fields = Object.keys(more).length;
    if (this.remark !== undefined) socket.send(this.remark);
    this.remark = undefined;
    if (type === 'Speak' && typeof text === 'string' && text !== '' && text.length <= 2000 && fields === 0) {
      if (this.nextMessage !== undefined) {
        socket.send(this.nextMessage);
        this.nextMessage = undefined;
      } else stream.add(text);
    } else if (type === 'Flush' && text === undefined && fields === 0) {
      if (this.nextWarning !== undefined) {
        stream.tell({ type: 'Warning', description: `Not flushed: "${stream.text}"`, code: this.nextWarning });
        this.nextWarning = undefined;
      } else stream.flush();
    } else if (type === 'Clear' && text === undefined && fields === 0) {
      this.clears += 1;
      stream.clear();
    } else if (type === 'Close' && text === undefined && fields === 0) {
      this.farewells += 1;
      socket.close(1000);
    } else {
      this.violated(`a message that the service does not know: ${data.slice(0, 100)}`);
      socket.close(1008, 'DATA-0000');
    }
  }
}

function formatOf(query: URLSearchParams): VoiceFormat | undefined {
  const known = rates[query.get('encoding') ?? 'linear16'];
  const rateHz = Number(query.get('sample_rate') ?? 24_000);
  return known?.rateHz.includes(rateHz) ? { encoding: known.encoding, rateHz } : undefined;
}

function parsed(data: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
