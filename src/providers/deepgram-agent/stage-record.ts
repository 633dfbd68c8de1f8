import type { Stage, StageTimes } from './protocol.js';

/**
 * What the service tells of its times, once a stage and turn: it comes in pieces before, while and after the reply
 * does, and of the speech-to-text many times a second.
 */
export class StageRecord {
  readonly #known = new Map<Stage, number>();
  readonly #told = new Set<Stage>();

  note(took: StageTimes): void {
    for (const stage of ['stt', 'llm', 'tts'] as const) {
      const ms = took[stage];
      // Speech-to-text is timed as the caller speaks: the last counts. Of the others the first delays the reply.
      if (ms !== undefined && (stage === 'stt' || !this.#known.has(stage))) this.#known.set(stage, ms);
    }
  }

  /** Another reply will be timed; to what the caller said, or to nothing that was heard. */
  begin(answersCaller: boolean): void {
    this.#told.clear();
    this.#known.delete('llm');
    this.#known.delete('tts');
    if (!answersCaller) this.#told.add('stt');
  }

  /** What was not told before. */
  take(): [Stage, number][] {
    const fresh = [...this.#known].filter(([stage]) => !this.#told.has(stage));
    for (const [stage] of fresh) this.#told.add(stage);
    return fresh;
  }
}
