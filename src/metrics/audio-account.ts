import type { AudioRecord } from '../call/call-record.js';

/** What the metrics count of a call's audio. */
export interface AudioCount {
  readonly frames: number;
  readonly concealedSeconds: number;
  readonly missingSeconds: number;
  readonly gaps: Readonly<Record<string, { readonly episodes: number; readonly seconds: number }>>;
}

/** Turns the counters of each call, which only grow, into what is new since they were last looked at. */
export class AudioAccount {
  readonly #seen = new Map<string, AudioRecord>();

  news(callId: string, audio: AudioRecord): AudioCount {
    const seen = this.#seen.get(callId);
    this.#seen.set(callId, audio);
    const gaps = Object.entries(audio.gaps).map(([cause, gap]) => {
      const before = seen?.gaps[cause as keyof typeof audio.gaps];
      return [cause, { episodes: gap.episodes - (before?.episodes ?? 0), seconds: (gap.ms - (before?.ms ?? 0)) / 1000 }] as const;
    });
    return {
      frames: audio.framesOut - (seen?.framesOut ?? 0),
      concealedSeconds: (audio.concealedMs - (seen?.concealedMs ?? 0)) / 1000,
      missingSeconds: (audio.lineMsMissing - (seen?.lineMsMissing ?? 0)) / 1000,
      gaps: Object.fromEntries(gaps),
    };
  }

  /** The call has ended, and its last counters are looked at. */
  forget(callId: string): void {
    this.#seen.delete(callId);
  }
}
