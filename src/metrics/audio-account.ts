import type { AudioRecord } from '../call/call-record.js';

/** What the metrics count of a call's audio. */
export interface AudioCount {
  readonly frames: number;
  readonly concealedSeconds: number;
  readonly concealmentEvents: number;
  readonly trimmedSeconds: number;
  readonly stretchedSeconds: number;
  readonly missingSeconds: number;
  readonly gaps: Readonly<Record<string, { readonly episodes: number; readonly seconds: number }>>;
}

/** Turns the counters of each call, which only grow, into what is new since they were last looked at. */
export class AudioAccount {
  readonly #seen = new Map<string, AudioRecord>();

  news(callId: string, audio: AudioRecord): AudioCount {
    const seen = this.#seen.get(callId);
    // The last counters were read on another thread, perhaps a frame before a look at the live call.
    const since = (now: number, before = 0): number => Math.max(0, now - before);
    this.#seen.set(callId, audio);
    const gaps = Object.entries(audio.gaps).map(([cause, gap]) => {
      const before = seen?.gaps[cause as keyof typeof audio.gaps];
      return [cause, { episodes: since(gap.episodes, before?.episodes), seconds: since(gap.ms, before?.ms) / 1000 }] as const;
    });
    return {
      frames: since(audio.framesOut, seen?.framesOut),
      concealedSeconds: since(audio.concealedMs, seen?.concealedMs) / 1000,
      concealmentEvents: since(audio.concealmentEvents, seen?.concealmentEvents),
      trimmedSeconds: since(audio.trimmedMs, seen?.trimmedMs) / 1000,
      stretchedSeconds: since(audio.stretchedMs, seen?.stretchedMs) / 1000,
      missingSeconds: since(audio.lineMsMissing, seen?.lineMsMissing) / 1000,
      gaps: Object.fromEntries(gaps),
    };
  }

  /** The call has ended, and its last counters are looked at. */
  forget(callId: string): void {
    this.#seen.delete(callId);
  }
}
