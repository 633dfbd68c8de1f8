import type { Clock } from '../base/clock.js';
import type { SyntheticCaller } from './synthetic-caller.js';

/** What a caller does next: says this when the agent has finished, or speaks over it. */
export interface CallerLine {
  readonly text: string;
  readonly pcm: Uint8Array;
  /** Speak this long after the agent has begun, instead of waiting for its end. */
  readonly interruptAfterMs?: number;
}

const agentDoneAfterMs = 700;
const giveUpAfterMs = 15_000;
const lookEveryMs = 20;

/** Holds a conversation: one line after the other, each at its time, and then waits for the agent's last words. */
export async function converse(caller: SyntheticCaller, lines: readonly CallerLine[], clock: Clock): Promise<void> {
  let over = false;
  void caller.ended.then(() => {
    over = true;
  });
  let heardBefore = 0;
  for (const line of lines) {
    await until(() => (line.interruptAfterMs === undefined ? finished() : spokenForMs() >= line.interruptAfterMs));
    if (over) return;
    heardBefore = caller.agentSpeech.intervals.length;
    caller.say(line.pcm);
    await until(() => !caller.speaking);
  }
  await until(finished);

  function finished(): boolean {
    const silentMs = caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0;
    return caller.agentSpeech.intervals.length > heardBefore && silentMs > agentDoneAfterMs;
  }

  /** How long the agent's newest stretch of speech has lasted. */
  function spokenForMs(): number {
    const newest = caller.agentSpeech.intervals[heardBefore];
    return newest ? caller.sinceStartMs() - newest.startMs : 0;
  }

  async function until(done: () => boolean): Promise<void> {
    const limitMs = clock.nowMs() + giveUpAfterMs;
    while (!over && !done() && clock.nowMs() < limitMs) await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve));
  }
}
