import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import { DeepgramListen } from '#emulators/deepgram-listen.js';
import { EmulatedElevenLabs } from '#emulators/elevenlabs.js';
import { OpenAiLlmService } from '#emulators/openai-llm.js';
import { OpenAiRealtimeService } from '#emulators/openai-realtime.js';
import { systemClock } from '#talkpath/base/clock.js';
import type { AnsweredTurn } from './asked-questions.js';

/** An emulated service that knows when it was told what, and how long it took itself. */
export interface MeasuredService {
  readonly name: string;
  /** A talkpath.yaml whose agent it is. */
  readonly settings: string;
  /** The caller begins to ask. */
  turnBegins(): void;
  /** Of the wait for the answer, what was talkpath's. */
  ownShareMs(turn: AnsweredTurn): number;
  close(): Promise<void>;
}

const nowMs = (): number => systemClock.nowMs();
const silenceMs = 400;
/** Of the silence, what the voice detector waits for before it says that the caller is silent. */
const hangoverMs = 200;

/** When things first happened in a turn. */
class Stamps {
  readonly #at = new Map<string, number>();

  clear(): void {
    this.#at.clear();
  }

  note(what: string): void {
    if (!this.#at.has(what)) this.#at.set(what, nowMs());
  }

  has(what: string): boolean {
    return this.#at.has(what);
  }

  of(what: string): number {
    const atMs = this.#at.get(what);
    if (atMs === undefined) throw new Error(`the service never noticed: ${what}`);
    return atMs;
  }
}

/** The Realtime service, which notes when it commits a turn, is asked for a response, and gives its first audio. */
class StampedRealtime extends OpenAiRealtimeService {
  readonly stamps = new Stamps();
  #received = 0;
  #sent = 0;

  override progress(): void {
    for (; this.#received < this.received.length; this.#received += 1) this.stamps.note(`received ${this.received[this.#received]?.type}`);
    for (; this.#sent < this.sent.length; this.#sent += 1) this.stamps.note(`sent ${this.sent[this.#sent]?.type}`);
    super.progress();
  }
}

async function openAiRealtime(detection: 'server' | 'ours'): Promise<MeasuredService> {
  const service = new StampedRealtime();
  await service.listen();
  service.pace = 4;
  service.createMs = 20;
  service.firstAudioMs = 200;
  const { stamps } = service;
  return {
    name: `openai-realtime, turns by ${detection === 'ours' ? 'talkpath' : 'the service'}`,
    settings: `
default_provider: realtime
providers:
  realtime: { type: openai-realtime, url: "${service.base}", api_key: ${service.key}, turn_detection: ${detection}, silence_ms: ${silenceMs} }
turn_taking: { silence_ms: ${silenceMs - hangoverMs} }
profiles: { telephony: { speech_hangover_ms: ${hangoverMs}, echo_cancellation: never } }
health: { probe_every_s: 0 }
logging: { level: warn }
`,
    turnBegins: () => stamps.clear(),
    ownShareMs({ saidMs, heardMs }) {
      const asked = stamps.of('received response.create');
      const given = stamps.of('sent response.output_audio.delta');
      const committed = detection === 'ours' ? asked : stamps.of('sent input_audio_buffer.committed');
      return committed - silenceMs - saidMs + (asked - committed) + (heardMs - given);
    },
    close: () => service.close(),
  };
}

/** The voice agent, which notes when it sends what. */
class StampedAgent extends EmulatedDeepgramAgent {
  readonly stamps = new Stamps();

  protected override takeSocket(socket: WebSocket): void {
    const send = socket.send.bind(socket);
    socket.send = (data: Buffer | string) => {
      this.stamps.note(typeof data === 'string' ? `sent ${(JSON.parse(data) as { type: string }).type}` : 'sent audio');
      send(data);
    };
    super.takeSocket(socket);
  }
}

async function deepgramAgent(): Promise<MeasuredService> {
  const service = new StampedAgent();
  await service.listen();
  Object.assign(service.manner, { pace: 4, thinkMs: 200, endMs: 400, tellsEndOfTurn: true });
  const { stamps } = service;
  return {
    name: 'deepgram-agent',
    settings: `
default_provider: agent
providers:
  agent: { type: deepgram-agent, url: "${service.url}", api_key: ${service.apiKey} }
contexts: { default: { greeting: Good morning. } }
profiles: { telephony: { echo_cancellation: never } }
health: { probe_every_s: 0 }
logging: { level: warn }
`,
    turnBegins: () => stamps.clear(),
    ownShareMs: ({ saidMs, heardMs }) => stamps.of('sent EndOfTurn') - service.manner.endMs - saidMs + (heardMs - stamps.of('sent audio')),
    close: () => service.close(),
  };
}

/** A model that notes when it was asked, and when it had given its first sentence. */
class StampedModel extends OpenAiLlmService {
  readonly firstSentence = 'We are open from nine to five.';

  constructor(
    key: string,
    tokenMs: number,
    private readonly stamps: Stamps,
  ) {
    super({ kind: 'compatible', key, tokenMs });
  }

  protected override takeRequest(request: IncomingMessage, response: ServerResponse, url: URL): void {
    request.once('end', () => this.stamps.note('asked'));
    this.answers.push({ text: `${this.firstSentence} On Sundays we are closed.` });
    let given = '';
    const write = response.write.bind(response) as (chunk: string) => boolean;
    response.write = ((chunk: string) => {
      given += /"content":"([^"]*)"/.exec(chunk)?.[1] ?? '';
      if (given.includes(this.firstSentence)) this.stamps.note('first sentence given');
      return write(chunk);
    }) as typeof response.write;
    super.takeRequest(request, response, url);
  }
}

/** A voice that notes when it got the first words of a reply, and when it gave the first audio. */
class StampedVoice extends EmulatedElevenLabs {
  constructor(private readonly stamps: Stamps) {
    super();
  }

  protected override takeSocket(socket: WebSocket, url: URL): void {
    socket.on('message', (data: Buffer) => {
      if (/"text":"[^"]*\w/.test(data.toString())) this.stamps.note('first words to the voice');
    });
    const send = socket.send.bind(socket);
    socket.send = (data: Buffer | string) => {
      if (String(data).includes('"audio"')) this.stamps.note('first audio of the voice');
      send(data);
    };
    super.takeSocket(socket, url);
  }
}

/** `tokenMs`: of the model, for each piece of a word or so. */
export async function cascade({ tokenMs = 5, earlyReply = false } = {}): Promise<MeasuredService> {
  const stamps = new Stamps();
  const ears = new DeepgramListen();
  const model = new StampedModel('sk-model', tokenMs, stamps);
  const voice = new StampedVoice(stamps);
  const services = [ears, model, voice];
  for (const service of services) await service.listen();
  let understoodMs = 0;
  ears.rewrite = (message) => {
    // The model is asked for what was understood by then.
    if (!stamps.has('asked')) understoodMs = nowMs();
    return message;
  };
  return {
    name: 'cascade of deepgram, openai and elevenlabs',
    settings: `
default_provider: parts
providers:
  parts:
    type: cascade
    early_reply: ${earlyReply}
    stt: { type: deepgram, url: "${ears.url}", api_key: ${ears.apiKey} }
    llm: { type: openai, url: "${model.url}/v1", api_key: sk-model, model: test-model }
    tts: { type: elevenlabs, url: "${voice.url}", api_key: ${voice.key}, voice: ${voice.voice} }
contexts: { default: { greeting: Good morning. } }
turn_taking: { silence_ms: ${silenceMs - hangoverMs} }
profiles: { telephony: { speech_hangover_ms: ${hangoverMs}, echo_cancellation: never } }
health: { probe_every_s: 0 }
logging: { level: warn }
`,
    turnBegins() {
      stamps.clear();
      ears.says.splice(0, ears.says.length, 'When are you open?');
    },
    ownShareMs: ({ saidMs, heardMs }) =>
      stamps.of('asked') -
      Math.max(saidMs + silenceMs, understoodMs) +
      (stamps.of('first words to the voice') - stamps.of('first sentence given')) +
      (heardMs - stamps.of('first audio of the voice')),
    async close() {
      for (const service of services) await service.close();
    },
  };
}

export const measuredServices: readonly (() => Promise<MeasuredService>)[] = [
  () => openAiRealtime('server'),
  () => openAiRealtime('ours'),
  deepgramAgent,
  () => cascade(),
];
