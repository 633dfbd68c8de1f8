import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { ElevenLabsContext } from './elevenlabs-context.js';
import { readMessage } from './elevenlabs-messages.js';
import { usualManner } from './sent-speech.js';
import { EmulatedService, Refusal } from './service.js';
import type { VoiceFormat } from './voice-sound.js';

const formats: Readonly<Record<string, VoiceFormat>> = {
  ulaw_8000: { encoding: 'mulaw', rateHz: 8000 },
  alaw_8000: { encoding: 'alaw', rateHz: 8000 },
  pcm_8000: { encoding: 'pcm16', rateHz: 8000 },
  pcm_16000: { encoding: 'pcm16', rateHz: 16_000 },
  pcm_24000: { encoding: 'pcm16', rateHz: 24_000 },
};
const queryNames = ['model_id', 'output_format', 'inactivity_timeout', 'language_code', 'auto_mode', 'sync_alignment', 'apply_text_normalization'];
const mostContexts = 5;

/** The multi-context WebSocket of ElevenLabs' text-to-speech. */
export class EmulatedElevenLabs extends EmulatedService {
  readonly key = 'elevenlabs-key';
  readonly voice = 'voice-of-test';
  readonly models = ['eleven_flash_v2_5', 'eleven_multilingual_v2'];
  readonly manner = usualManner();
  /** A second of inactivity_timeout; a test that waits for it makes it shorter. */
  inactivitySecondMs = 1000;
  /** Texts, in the order in which they were begun. */
  readonly spoken: string[] = [];
  /** Of each socket that was accepted. */
  readonly languages: (string | null)[] = [];
  readonly voiceSettings: object[] = [];
  keepAlives = 0;
  openContexts = 0;
  /** Says this of the next text that comes, as the service tells errors, and closes the socket. */
  nextError: string | undefined;

  protected override accept(request: IncomingMessage, url: URL): void {
    const [, voice] = /^\/v1\/text-to-speech\/([^/]+)\/multi-stream-input$/.exec(url.pathname) ?? [];
    if (!voice || request.method !== 'GET') throw new Refusal(404, { detail: 'Not Found' });
    if (request.headers['xi-api-key'] !== this.key) throw new Refusal(401, { detail: { status: 'invalid_api_key' } });
    const query = url.searchParams;
    for (const name of query.keys()) if (!queryNames.includes(name)) throw new Refusal(400, { detail: `unknown ${name}` });
    if (!this.models.includes(query.get('model_id') ?? '')) throw new Refusal(400, { detail: { status: 'model_not_found' } });
    if (!formats[query.get('output_format') ?? '']) throw new Refusal(400, { detail: { status: 'output_format_not_found' } });
    const seconds = Number(query.get('inactivity_timeout') ?? 20);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 180) throw new Refusal(422, { detail: 'inactivity_timeout' });
    const language = query.get('language_code');
    if (language !== null && (!/^[a-z]{2}$/.test(language) || !query.get('model_id')?.endsWith('_v2_5')))
      throw new Refusal(400, { detail: { status: 'unsupported_language' } });
  }

  protected override takeSocket(socket: WebSocket, url: URL): void {
    const query = url.searchParams;
    this.languages.push(query.get('language_code'));
    const contexts = new Map<string, ElevenLabsContext>();
    const format = formats[query.get('output_format') ?? ''] as VoiceFormat;
    const inactivityMs = Number(query.get('inactivity_timeout') ?? 20) * this.inactivitySecondMs;
    let isFirst = true;
    const send = (message: object | string): void => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    const breakOff = (error: string): void => {
      send({ message: `Sorry: ${error}. Your text was "${this.spoken.at(-1)}".`, error, code: 1008 });
      socket.close(1008, error);
    };
    const open = (id: string): ElevenLabsContext | undefined => {
      if (contexts.size >= mostContexts) {
        this.violated(`more than ${mostContexts} contexts`);
        breakOff('max_active_conversations');
        return undefined;
      }
      const context = new ElevenLabsContext({
        id,
        format,
        manner: this.manner,
        fault: () => this.fault,
        later: (ms, action) => this.later(ms, action),
        inactivityMs,
        send,
        onSpoken: (text) => this.spoken.push(text),
        onEnded: (isTimeout) => {
          if (contexts.get(id) === context) contexts.delete(id);
          this.openContexts -= 1;
          if (isTimeout && contexts.size === 0) breakOff('input_timeout_exceeded');
        },
        lose: () => socket.terminate(),
      });
      this.openContexts += 1;
      contexts.set(id, context);
      return context;
    };
    socket.on('close', () => {
      this.openContexts -= contexts.size;
      for (const context of contexts.values()) context.stop();
    });
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? 'a binary message' : readMessage(data.toString());
      if (typeof message === 'string') {
        this.violated(message);
        breakOff('invalid_message');
        return;
      }
      if (message.type === 'close-socket') {
        for (const context of contexts.values()) context.close();
        socket.close(1000);
        return;
      }
      const known = contexts.get(message.context);
      if (isFirst && (message.type !== 'text' || message.text !== ' ')) this.violated('a first message that is not a space');
      isFirst = false;
      if (!known || known.isClosed) {
        if (message.type !== 'text') this.violated(`${message.type} of a context that is not open`);
        if (message.type === 'close' || message.type === 'keep-alive') return;
      } else if (message.type === 'text' && message.settings) this.violated('voice_settings for a context that has some');
      if (!url.pathname.includes(`/${this.voice}/`)) return breakOff('voice_id_does_not_exist');
      if (message.type === 'text' && this.nextError !== undefined && message.text !== ' ') return breakOff(this.nextError);
      const context = known && !known.isClosed ? known : open(message.context);
      if (!context) return;
      context.touch();
      if (message.type === 'keep-alive') this.keepAlives += 1;
      if (message.type === 'text') {
        context.add(message.text);
        if (message.settings) this.voiceSettings.push(message.settings);
      }
      if (message.type === 'flush' || (message.type === 'text' && message.flush)) context.flush();
      if (message.type === 'close') context.close();
    });
  }
}
