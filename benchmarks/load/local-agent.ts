/**
 * The local agent's answers: from the end of the caller's speech on the wire to the first audible sample of the reply,
 * with the parts that the server's record gives.
 *   local-agent [turns]
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '#talkpath/base/clock.js';
import { quantile } from '#talkpath/caller/call-report.js';
import { speech } from '#talkpath/caller/caller-voice.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { createLocalTts } from '#talkpath/providers/cascade/tts/local.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';

const turns = Number(process.argv[2] ?? 20);
const rateHz = 8000;
const questions = [
  'What are your opening hours?',
  'Where are you located?',
  'Are you open on Saturday?',
  'What is your address, please?',
  'When do you close today?',
];

interface Turn {
  readonly lineMs: number;
  readonly recordMs: number | undefined;
  readonly stagesMs: Record<string, number>;
}

const voice = await createLocalTts({ tier: 'light', voice: 'slt' });
const spoken = await Promise.all(questions.map((question) => speech(voice, question, rateHz)));
await voice.close();

const server = await ServerProcess.start({ TALKPATH_PROVIDER: 'local' });
const measured: Turn[] = [];
try {
  while (measured.length < turns) measured.push(...(await placeCall(turns - measured.length)));
} finally {
  await server.stop();
}
const latenciesMs = measured.map((turn) => turn.lineMs);
const stage = (name: string): number =>
  quantile(
    measured.flatMap((turn) => turn.stagesMs[name] ?? []),
    0.5,
  );
writeResult('local-agent', {
  turns: measured.length,
  what: `end of the caller's speech to first agent audio, ${measured.length} turns, ms`,
  p50: quantile(latenciesMs, 0.5),
  p95: quantile(latenciesMs, 0.95),
  max: quantile(latenciesMs, 1),
  parts: {
    silenceAndHangover: 600,
    sttBeyondSilence: stage('stt'),
    tts: stage('tts'),
    serverTotal: quantile(
      measured.flatMap((turn) => turn.recordMs ?? []),
      0.5,
    ),
  },
});

/** One call with up to five questions, each asked when the agent has been silent for a moment. */
async function placeCall(most: number): Promise<Turn[]> {
  const callId = randomUUID();
  const caller = new SyntheticCaller({ ...server.audiosocket, callId, rateHz, clock: systemClock });
  await caller.dial();
  await agentFinished(caller, 0);
  const asked: { endMs: number; startMs: number }[] = [];
  for (const pcm of spoken.slice(0, most)) {
    const heardBefore = caller.agentSpeech.intervals.length;
    const beginsMs = caller.say(pcm);
    const endMs = beginsMs + lastLoudMs(pcm);
    await agentFinished(caller, heardBefore);
    const answer = caller.agentSpeech.intervals[heardBefore];
    if (!answer) throw new Error(`no answer to question ${asked.length + 1}`);
    asked.push({ endMs, startMs: answer.startMs });
  }
  const record = (await (await server.get(`/v1/calls/${callId}`)).json()) as {
    turns: { cause: string; replyLatencyMs?: number; stagesMs: Record<string, number> }[];
  };
  caller.hangUp();
  await caller.ended;
  const answered = record.turns.filter((turn) => turn.cause === 'caller' && turn.replyLatencyMs !== undefined);
  return asked.map(({ startMs, endMs }, i) => ({
    lineMs: startMs - endMs,
    recordMs: answered[i]?.replyLatencyMs,
    stagesMs: answered[i]?.stagesMs ?? {},
  }));
}

/** The agent has spoken at least once more than `before` times, and has been silent for 700 ms. */
async function agentFinished(caller: SyntheticCaller, before: number): Promise<void> {
  const limitMs = caller.sinceStartMs() + 20_000;
  while (caller.sinceStartMs() < limitMs) {
    const silentMs = caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0;
    if (caller.agentSpeech.intervals.length > before && silentMs > 700) return;
    await new Promise<void>((resolve) => systemClock.after(50, resolve));
  }
}

/** Where the last sample above -40 dBFS is: the end of the words, not of the file. */
function lastLoudMs(pcm: Uint8Array): number {
  const samples = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  for (let at = samples.length - 2; at > 0; at -= 2) if (Math.abs(samples.readInt16LE(at)) > 328) return (at / 2 / rateHz) * 1000;
  return 0;
}
