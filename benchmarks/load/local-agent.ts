/**
 * The local agent's answers: from the end of the caller's speech on the wire to the first audible sample of the reply,
 * and the parts that this time consists of, by the caller's clock and the server's record.
 *   local-agent [turns]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { pause } from '../pause.js';
import { mostCalls, numberAt } from './argument.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { audibleMs, questions, spoken } from './spoken-questions.js';

const turns = numberAt(1, 'turns', mostCalls, 20);
const rateHz = 8000;
/** Times of the record are rounded to 1 ms, and so is the wall clock that joins both. */
const clockToleranceMs = 3;

/** Times of one answer, in ms since the caller's first frame. */
interface Answer {
  /** The last sample of the caller's words was sent. */
  readonly saidMs: number;
  /** talkpath knew that the caller was silent. */
  readonly noticedMs: number;
  /** The silence had lasted long enough: a reply was asked for. */
  readonly askedMs: number;
  readonly recognisedMs: number;
  /** The first audio of the reply was there. */
  readonly spokenMs: number;
  /** The engine handed its first frame to the line. */
  readonly playedMs: number;
  /** The caller heard the first of it that is louder than -45 dBFS. */
  readonly heardMs: number;
}

interface CallView {
  readonly startedAt: string;
  readonly transcript: readonly { readonly turn: number; readonly who: string; readonly atMs: number }[];
  readonly turns: readonly { readonly turn: number; readonly cause: string; readonly stagesMs: Readonly<Record<string, number>> }[];
}

const said = await spoken(questions, rateHz);

const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'local' });
const answers: Answer[] = [];
try {
  while (answers.length < turns) answers.push(...(await placeCall(turns - answers.length)));
} finally {
  await server.stop();
}
const latenciesMs = answers.map(({ saidMs, heardMs }) => heardMs - saidMs);
const mean = (part: (answer: Answer) => number): number => Math.round(answers.reduce((sum, answer) => sum + part(answer), 0) / answers.length);
const meanPartsMs = {
  speechEndNoticed: mean(({ saidMs, noticedMs }) => noticedMs - saidMs),
  silence: mean(({ noticedMs, askedMs }) => askedMs - noticedMs),
  recognitionBeyondSilence: mean(({ askedMs, recognisedMs }) => recognisedMs - askedMs),
  dialogueAndSpeech: mean(({ recognisedMs, spokenMs }) => spokenMs - recognisedMs),
  playoutStart: mean(({ spokenMs, playedMs }) => playedMs - spokenMs),
  lineAndQuietStart: mean(({ playedMs, heardMs }) => heardMs - playedMs),
};
if (Object.values(meanPartsMs).some((ms) => ms < -clockToleranceMs)) throw new Error(`parts out of order: ${JSON.stringify(meanPartsMs)}`);
writeResult('local-agent', {
  turns: answers.length,
  what: `end of the caller's speech to first agent audio, ${answers.length} turns, ms; the parts are means and add up to the mean`,
  p50: quantile(latenciesMs, 0.5),
  p95: quantile(latenciesMs, 0.95),
  max: quantile(latenciesMs, 1),
  mean: mean(({ saidMs, heardMs }) => heardMs - saidMs),
  meanPartsMs,
});

/** One call with up to five questions, each asked when the agent has been silent for a moment. */
async function placeCall(most: number): Promise<Answer[]> {
  const callId = randomUUID();
  const caller = new SyntheticCaller({ ...server.audiosocket, callId, rateHz, clock: systemClock });
  await caller.dial();
  const wallAtStartMs = systemClock.wallTime().getTime() - caller.sinceStartMs();
  await agentFinished(caller, 0);
  const asked: { saidMs: number; heardMs: number }[] = [];
  for (const pcm of said.slice(0, most)) {
    const heardBefore = caller.agentSpeech.intervals.length;
    const saidMs = caller.say(pcm) + audibleMs(pcm, rateHz).last;
    await agentFinished(caller, heardBefore);
    const answer = caller.agentSpeech.intervals[heardBefore];
    if (!answer) throw new Error(`no answer to question ${asked.length + 1}`);
    asked.push({ saidMs, heardMs: answer.startMs });
  }
  const record = (await (await server.get(`/v1/calls/${callId}`)).json()) as CallView;
  caller.hangUp();
  await caller.ended;
  // Both clocks are this machine's: the record's begins when the server took the call.
  const recordStartMs = Date.parse(record.startedAt) - wallAtStartMs;
  return asked.map((times) => ({ ...times, ...serverTimes(record, recordStartMs, times) }));
}

/** What the record says of the answer that the caller heard between these times. */
function serverTimes(record: CallView, recordStartMs: number, { saidMs, heardMs }: { saidMs: number; heardMs: number }) {
  const entry = (who: string) =>
    record.transcript.find(
      ({ who: speaker, atMs }) => speaker === who && atMs + recordStartMs > saidMs && atMs + recordStartMs <= heardMs + clockToleranceMs,
    );
  const [words, reply] = [entry('caller'), entry('agent')];
  const { stagesMs } = record.turns.find(({ turn }) => turn === reply?.turn) ?? {};
  const { silence, stt, llm, tts } = stagesMs ?? {};
  if (!words || words.turn !== reply?.turn || silence === undefined || stt === undefined || llm === undefined || tts === undefined) {
    throw new Error(`the record does not tell of this answer: ${JSON.stringify({ words, reply, stagesMs })}`);
  }
  const recognisedMs = words.atMs + recordStartMs;
  const askedMs = recognisedMs - stt;
  return {
    noticedMs: askedMs - silence,
    askedMs,
    recognisedMs,
    spokenMs: recognisedMs + llm + tts,
    playedMs: reply.atMs + recordStartMs,
  };
}

/** The agent has spoken at least once more than `before` times, and has been silent for 700 ms. */
async function agentFinished(caller: SyntheticCaller, before: number): Promise<void> {
  const limitMs = caller.sinceStartMs() + 20_000;
  while (caller.sinceStartMs() < limitMs) {
    const silentMs = caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0;
    if (caller.agentSpeech.intervals.length > before && silentMs > 700) return;
    await pause(50);
  }
}
