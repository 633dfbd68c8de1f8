import type { WebSocket } from 'ws';
import type { OpenAiRealtimeService } from './openai-realtime.js';
import { bytesPerMs, type WireFormat } from './openai-realtime-audio.js';
import { wrongWith } from './openai-realtime-checks.js';
import { Conversation, type Item, Refused, type ServerEvent } from './openai-realtime-conversation.js';
import { Ears, type Heard } from './openai-realtime-ears.js';
import { EmulatedResponse } from './openai-realtime-response.js';

/** A message of a client, as it came. */
export type ClientEvent = { readonly type: string; readonly event_id?: string } & Readonly<Record<string, unknown>>;

interface Detection {
  readonly type: 'server_vad' | 'semantic_vad';
  readonly prefix_padding_ms?: number;
  readonly silence_duration_ms?: number;
  readonly eagerness?: 'low' | 'medium' | 'high' | 'auto';
  readonly create_response?: boolean;
}

/** What is set of a session, as far as it matters here. */
interface SessionSettings {
  readonly audio: {
    readonly input: { readonly format: WireFormat; readonly turn_detection: Detection | null; readonly transcription: object | null };
    readonly output: { readonly format: WireFormat };
  };
}

const pcm: WireFormat = { type: 'audio/pcm', rate: 24_000 };
const leastCommitMs = 100;
/** As long as a person who talks pauses, by how eager the model is. */
const semanticSilenceMs = { low: 800, medium: 500, high: 300, auto: 500 };

export interface SessionMeans {
  readonly later: (ms: number, action: () => void) => () => void;
  readonly violated: (what: string) => void;
}

/** One client's session with the emulated service: its conversation, its input buffer, and one response at a time. */
export class EmulatedRealtimeSession {
  readonly conversation: Conversation;
  settings: SessionSettings & Readonly<Record<string, unknown>> = {
    type: 'realtime',
    audio: {
      input: { format: pcm, turn_detection: { type: 'server_vad', create_response: true }, transcription: null },
      output: { format: pcm },
    },
  };
  readonly #service: OpenAiRealtimeService;
  readonly #socket: WebSocket;
  readonly #means: SessionMeans;
  #ears = new Ears(pcm);
  #buffer = { ms: 0, speechMs: 0 };
  /** Of the item that speech has begun for. */
  #speechItemId: string | undefined;
  #response: EmulatedResponse | undefined;
  /** A request is accepted, and its response has not begun. */
  #isBeginning = false;
  #isForeign = false;

  constructor(service: OpenAiRealtimeService, socket: WebSocket, means: SessionMeans) {
    this.#service = service;
    this.#socket = socket;
    this.#means = means;
    this.conversation = new Conversation(
      (kind) => service.nextId(kind),
      (event) => this.send(event),
    );
    socket.on('message', (data: Buffer, isBinary) => this.#read(data, isBinary));
    socket.once('close', () => this.#response?.drop());
    if (service.stage !== 'mute') this.send({ type: 'session.created', session: this.settings });
  }

  send(event: ServerEvent): void {
    this.#socket.send(JSON.stringify({ event_id: this.#service.nextId('event'), ...event }));
    this.#service.sent.push(event);
    this.#service.progress();
  }

  /** Whatever it is. */
  sendText(text: string): void {
    this.#socket.send(text);
  }

  sendError(error: { readonly type: string; readonly code: string | null; readonly event_id?: string | null }): void {
    this.send({ type: 'error', error: { message: 'as it was told to', param: null, event_id: null, ...error } });
  }

  /** An hour has passed. */
  expire(): void {
    this.sendError({ type: 'invalid_request_error', code: 'session_expired' });
    this.#socket.close(1001);
  }

  /** The service begins a response that no client has asked for. */
  intrude(): void {
    this.#isForeign = true;
    this.#begin(undefined);
  }

  #read(data: Buffer, isBinary: boolean): void {
    const event = isBinary ? undefined : eventOf(data.toString());
    try {
      const wrong = wrongWith(event);
      if (!event || wrong) throw new Refused(wrong?.code ?? 'invalid_value', `is wrong at ${wrong?.param}`, wrong?.param);
      if (event.type === 'input_audio_buffer.append') this.#service.appended(Buffer.from(event.audio as string, 'base64'));
      else this.#service.received.push(event);
      this.#take(event);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, type, violation } = error;
      if (violation !== undefined) this.#means.violated(`${event?.type ?? 'a message that is no JSON'} ${violation} (${code})`);
      this.sendError({ type, code, event_id: event?.event_id ?? null });
    }
    this.#service.progress();
  }

  #take(event: ClientEvent): void {
    switch (event.type) {
      case 'session.update':
        this.#update(event.session as Partial<SessionSettings>);
        break;
      case 'input_audio_buffer.append':
        this.#hear(Buffer.from(event.audio as string, 'base64'));
        break;
      case 'input_audio_buffer.commit':
        if (this.#buffer.ms < leastCommitMs) throw new Refused('input_audio_buffer_commit_empty', `commits ${this.#buffer.ms} ms`);
        this.#commit();
        break;
      case 'input_audio_buffer.clear':
        this.#buffer = { ms: 0, speechMs: 0 };
        this.send({ type: 'input_audio_buffer.cleared' });
        break;
      case 'conversation.item.create':
        this.conversation.create(event.item as ClientEvent);
        break;
      case 'conversation.item.truncate':
        this.conversation.truncate(event.item_id, event.audio_end_ms as number);
        break;
      case 'conversation.item.delete':
        this.conversation.delete(event.item_id);
        break;
      case 'response.create':
        this.#respond((event.response as { readonly metadata?: unknown } | undefined)?.metadata);
        break;
      case 'response.cancel':
        this.#cancel(event.response_id as string | undefined);
        break;
    }
  }

  #update(update: Partial<SessionSettings>): void {
    const { stage, updateFault } = this.#service;
    if (updateFault) throw new Refused(updateFault.code, undefined, undefined, updateFault.type);
    const input = { ...this.settings.audio.input, ...update.audio?.input };
    if (input.format.type !== this.settings.audio.input.format.type) this.#ears = new Ears(input.format);
    this.settings = { ...this.settings, ...update, audio: { input, output: { ...this.settings.audio.output, ...update.audio?.output } } };
    if (stage !== 'created') this.send({ type: 'session.updated', session: this.settings });
  }

  #hear(audio: Buffer): void {
    const { format, turn_detection: detection } = this.settings.audio.input;
    this.#buffer.ms += audio.length / bytesPerMs(format);
    const silenceMs = detection?.type === 'server_vad' ? (detection.silence_duration_ms ?? 500) : semanticSilenceMs[detection?.eagerness ?? 'auto'];
    const heard = this.#ears.hear(audio, detection ? { silenceMs } : undefined, (ms) => {
      this.#buffer.speechMs += ms;
    });
    for (const change of heard) this.#takeSpeech(change, detection?.prefix_padding_ms ?? 300);
  }

  #takeSpeech({ type, audioMs }: Heard, prefixMs: number): void {
    if (type === 'started') {
      this.#speechItemId = this.#service.nextId('item');
      this.#buffer.ms = Math.min(this.#buffer.ms, prefixMs + this.#buffer.speechMs);
      this.send({ type: 'input_audio_buffer.speech_started', audio_start_ms: Math.max(0, audioMs - prefixMs), item_id: this.#speechItemId });
    } else if (this.#speechItemId !== undefined) {
      // Otherwise the client has committed meanwhile, and made an item of it.
      this.send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: audioMs, item_id: this.#speechItemId });
      this.#commit();
      if (this.settings.audio.input.turn_detection?.create_response !== false) this.#begin(undefined);
    }
  }

  #commit(): void {
    const { ms, speechMs } = this.#buffer;
    const item = this.conversation.commit(this.#speechItemId ?? this.#service.nextId('item'), ms);
    this.#speechItemId = undefined;
    this.#buffer = { ms: 0, speechMs: 0 };
    if (this.settings.audio.input.transcription) this.#means.later(this.#service.recogniseMs, () => this.#recognise(item, speechMs));
  }

  #recognise(item: Item, speechMs: number): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const of = { item_id: item.id, content_index: 0 };
    const type = 'conversation.item.input_audio_transcription';
    if (this.#service.recognitionFails) {
      this.send({ type: `${type}.failed`, ...of, error: { type: 'server_error', code: 'audio_unintelligible' } });
      return;
    }
    item.text = speechMs > 0 ? (this.#service.words.shift() ?? 'hello') : '';
    if (item.text !== '') this.send({ type: `${type}.delta`, ...of, delta: item.text });
    this.send({ type: `${type}.completed`, ...of, transcript: item.text, usage: this.#service.recognitionUsage });
  }

  #respond(metadata: unknown): void {
    const { createFault, createMs } = this.#service;
    if (createFault) throw new Refused(createFault.code, undefined, undefined, createFault.type);
    if (this.#response || this.#isBeginning) {
      throw new Refused('conversation_already_has_active_response', this.#isForeign ? undefined : 'comes while there is a response');
    }
    this.#isBeginning = true;
    this.#means.later(createMs, () => {
      this.#isBeginning = false;
      if (this.#socket.readyState === this.#socket.OPEN) this.#begin(metadata);
    });
  }

  #begin(metadata: unknown): void {
    const service = this.#service;
    this.#response = new EmulatedResponse({
      id: service.nextId('resp'),
      answer: service.answers.shift() ?? { parts: [{ say: 'Hello, how can I help?', ms: 400 }] },
      metadata,
      format: this.settings.audio.output.format,
      pace: service.pace,
      fault: service.fault,
      later: this.#means.later,
      send: (event) => this.send(event),
      sendText: (text) => this.sendText(text),
      lose: () => this.#socket.terminate(),
      newItem: (item) => this.conversation.begin(item),
      nextCallId: () => service.nextId('call'),
      done: () => {
        this.#response = undefined;
        this.#isForeign = false;
      },
    });
    this.#response.begin(service.firstAudioMs);
  }

  /** To cancel what has just ended, or has not begun, is answered with an error, and is no violation. */
  #cancel(id: string | undefined): void {
    const response = this.#response;
    if (!response || (id !== undefined && id !== response.id)) throw new Refused('response_cancel_not_active');
    if (this.#service.fault?.type !== 'ignore-cancel') response.cancel();
  }
}

function eventOf(text: string): ClientEvent | undefined {
  try {
    return JSON.parse(text) as ClientEvent;
  } catch {
    return undefined;
  }
}
