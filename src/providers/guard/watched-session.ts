import { audioMs } from '../../base/audio-format.js';
import type { Clock } from '../../base/clock.js';
import type { Limits } from '../../config/providers.js';
import type { Heard, ProviderEvent, ProviderSession, ReplyCause, ToolAnswer } from '../provider.js';
import { ReplyWatch } from './reply-watch.js';

export interface WatchedOptions {
  readonly name: string;
  readonly limits: Pick<Limits, 'first_audio_ms' | 'idle_ms'>;
  readonly clock: Clock;
  readonly on: (event: ProviderEvent) => void;
  /** A reply has begun, so the provider works. Once a reply. */
  readonly onProven: () => void;
  /** The session or a reply of it has failed. */
  readonly onFailed: (event: Extract<ProviderEvent, { type: 'failed' }>) => void;
}

/** A session whose replies are waited for so long and no longer. Behind its end nothing is told. */
export class WatchedSession implements ProviderSession {
  readonly #options: WatchedOptions;
  readonly #watch: ReplyWatch;
  readonly #tools = new Set<string>();
  #session: ProviderSession | undefined;
  #turn: number | undefined;
  #provenIn: number | undefined;
  #isOver = false;

  constructor(options: WatchedOptions) {
    const { name, limits, clock } = options;
    this.#options = options;
    this.#watch = new ReplyWatch({
      clock,
      firstAudioMs: limits.first_audio_ms,
      idleMs: limits.idle_ms,
      onLate: (what) => {
        const message =
          what === 'idle' ? `${name} fell silent in the middle of a reply` : `${name} began no reply within ${limits.first_audio_ms} ms`;
        this.take({ type: 'failed', code: 'TP_ERR_PROVIDER_TIMEOUT', message, retryable: true });
      },
    });
  }

  /** The session that is watched. */
  attach(session: ProviderSession): void {
    if (this.#isOver) session.close();
    else this.#session = session;
  }

  /** What the session tells. */
  take(event: ProviderEvent): void {
    if (this.#isOver && event.type !== 'usage') return;
    const { on, onProven, onFailed } = this.#options;
    switch (event.type) {
      case 'reply-audio':
        this.#watch.audio(event.turn, audioMs(event.audio, event.format));
        if (event.turn !== this.#provenIn) onProven();
        this.#provenIn = event.turn;
        break;
      case 'reply-ended':
        if (event.turn === this.#turn) this.#replyOver();
        break;
      case 'tool-call':
        if (event.turn !== this.#turn) break;
        this.#tools.add(event.id);
        this.#watch.suspend();
        break;
      case 'tool-call-withdrawn':
        this.#toolOver(event.id);
        break;
      case 'failed':
        if (event.turn === undefined) this.#end();
        else if (event.turn === this.#turn) this.#replyOver();
        onFailed(event);
        break;
      default:
        break;
    }
    on(event);
  }

  sendAudio(audio: Uint8Array, speaking: boolean): void {
    this.#session?.sendAudio(audio, speaking);
  }

  requestReply(turn: number, cause: ReplyCause, last: boolean): void {
    this.#tools.clear();
    this.#turn = turn;
    this.#watch.asked(turn);
    this.#session?.requestReply(turn, cause, last);
  }

  cancelReply(turn: number, heard: Heard): void {
    if (turn === this.#turn) this.#replyOver();
    this.#session?.cancelReply(turn, heard);
  }

  answerTool(id: string, answer: ToolAnswer): void {
    this.#toolOver(id);
    this.#session?.answerTool(id, answer);
  }

  close(): void {
    if (this.#isOver) return;
    this.#end();
  }

  #toolOver(id: string): void {
    if (this.#tools.delete(id) && this.#tools.size === 0) this.#watch.resume();
  }

  #replyOver(): void {
    this.#turn = undefined;
    this.#tools.clear();
    this.#watch.over();
  }

  #end(): void {
    this.#isOver = true;
    this.#replyOver();
    this.#session?.close();
    this.#session = undefined;
  }
}
