import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { ElevenLabsSocket } from './elevenlabs-socket.js';
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
    new ElevenLabsSocket({
      socket,
      isKnownVoice: url.pathname.includes(`/${this.voice}/`),
      format: formats[query.get('output_format') ?? ''] as VoiceFormat,
      manner: this.manner,
      fault: () => this.fault,
      later: (ms, action) => this.later(ms, action),
      inactivityMs: Number(query.get('inactivity_timeout') ?? 20) * this.inactivitySecondMs,
      onSpoken: (text) => void this.spoken.push(text),
      onText: (settings) => {
        if (settings) this.voiceSettings.push(settings);
      },
      onKeptAlive: () => {
        this.keepAlives += 1;
      },
      onContexts: (change) => {
        this.openContexts += change;
      },
      nextError: () => this.nextError,
      violated: (what) => this.violated(what),
    });
  }
}
