import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import type { MeasuredService } from './measured-services.js';
import type { ServerProcess } from './server-process.js';
import { audibleMs, questions, spoken } from './spoken-questions.js';

/** By the monotonic clock: the last sample of the caller's words, and the first of the answer. */
export interface AnsweredTurn {
  readonly saidMs: number;
  readonly heardMs: number;
}

const rateHz = 8000;
const turnsPerCall = 10;

/** Asks so many questions, ten a call, one call after the other; each turn is told before the next begins. */
export async function askQuestions(
  server: ServerProcess,
  service: Pick<MeasuredService, 'name' | 'turnBegins'>,
  turns: number,
  onAnswer: (turn: AnsweredTurn) => void,
): Promise<void> {
  const said = await spoken(questions, rateHz);
  for (let asked = 0; asked < turns; asked += turnsPerCall) {
    const caller = new SyntheticCaller({ ...server.audiosocket, callId: randomUUID(), rateHz, clock: systemClock });
    await caller.dial();
    await agentFinished(caller, 0);
    for (let i = 0; i < Math.min(turnsPerCall, turns - asked); i += 1) {
      const pcm = said[i % said.length] as Uint8Array;
      const heardBefore = caller.agentSpeech.intervals.length;
      service.turnBegins();
      const saidMs = caller.say(pcm) + audibleMs(pcm, rateHz).last;
      await agentFinished(caller, heardBefore);
      const answer = caller.agentSpeech.intervals[heardBefore];
      if (!answer) throw new Error(`${service.name} gave no answer to question ${i + 1}`);
      const startMs = systemClock.nowMs() - caller.sinceStartMs();
      onAnswer({ saidMs: saidMs + startMs, heardMs: answer.startMs + startMs });
    }
    caller.hangUp();
    await caller.ended;
  }
}

/** The agent has spoken once more than `before` times, and has been silent for a while. */
async function agentFinished(caller: SyntheticCaller, before: number): Promise<void> {
  const limitMs = caller.sinceStartMs() + 15_000;
  while (caller.sinceStartMs() < limitMs) {
    const silentMs = caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0;
    if (caller.agentSpeech.intervals.length > before && silentMs > 300) return;
    await pause(10);
  }
}
