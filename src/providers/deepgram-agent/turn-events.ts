import type { AudioFormat } from '../../base/audio-format.js';
import { ProviderError } from '../network/provider-error.js';
import type { ProviderEvent } from '../provider.js';
import { type FunctionCall, type StageTimes, who } from './protocol.js';
import { StageRecord } from './stage-record.js';

/** What talkpath is told of its turns. */
export class TurnEvents {
  readonly #on: (event: ProviderEvent) => void;
  readonly #output: AudioFormat;
  readonly #stages = new StageRecord();
  readonly #calls = new Set<string>();

  constructor(on: (event: ProviderEvent) => void, output: AudioFormat) {
    this.#on = on;
    this.#output = output;
  }

  callerEnded(): void {
    this.#on({ type: 'turn-ended' });
  }

  words(turn: number, who: 'caller' | 'agent', text: string): void {
    if (text !== '') this.#on({ type: 'transcript', turn, who, text, final: true });
  }

  audio(turn: number, audio: Uint8Array): void {
    this.#on({ type: 'reply-audio', turn, audio, format: this.#output });
  }

  call(turn: number, { id, name, arguments: args = {} }: FunctionCall): void {
    this.#calls.add(id);
    this.#on({ type: 'tool-call', turn, id, name, arguments: args });
  }

  /** Of a call that was told. */
  withdrawn(id: string): void {
    if (this.#calls.delete(id)) this.#on({ type: 'tool-call-withdrawn', id });
  }

  ended(turn: number): void {
    this.stages(turn);
    this.#on({ type: 'reply-ended', turn });
  }

  /** The reply was waited for, and was nothing. */
  missed(turn: number): void {
    this.stages(turn);
    const { code, message, isRetryable } = new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} answered without a sound`);
    this.#on({ type: 'failed', turn, code, message, retryable: isRetryable });
  }

  noteStages(took: StageTimes): void {
    this.#stages.note(took);
  }

  newStages(answersCaller: boolean): void {
    this.#stages.begin(answersCaller);
  }

  stages(turn: number): void {
    for (const [stage, ms] of this.#stages.take()) this.#on({ type: 'timing', turn, stage, ms });
  }
}
