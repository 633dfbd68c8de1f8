import type { WebSocket } from 'ws';
import { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import { OpenAiRealtimeService } from '#emulators/openai-realtime.js';
import { systemClock } from '#talkpath/base/clock.js';

/** An emulated service that knows when it was told what, and how long it took itself. */
export interface MeasuredService {
  readonly name: string;
  /** A talkpath.yaml whose agent it is. */
  readonly settings: string;
  /** The caller begins to ask. */
  turnBegins(): void;
  /** Of the wait between these times, by the monotonic clock, what was talkpath's. */
  ownShareMs(turn: { readonly saidMs: number; readonly heardMs: number }): number;
  close(): Promise<void>;
}

const nowMs = (): number => systemClock.nowMs();

/** When things first happened in a turn. */
class Stamps {
  readonly #at = new Map<string, number>();

  clear(): void {
    this.#at.clear();
  }

  note(what: string): void {
    if (!this.#at.has(what)) this.#at.set(what, nowMs());
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
  const silenceMs = 400;
  const hangoverMs = 200;
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

export const measuredServices: readonly (() => Promise<MeasuredService>)[] = [
  () => openAiRealtime('server'),
  () => openAiRealtime('ours'),
  deepgramAgent,
];
