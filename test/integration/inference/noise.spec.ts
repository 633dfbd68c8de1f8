import { setTimeout } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AgentEnd } from '#talkpath/native/agent-end.js';
import { startEngine, stopEngine } from '#talkpath/native/engine.js';
import { openSession } from '#talkpath/native/line-end.js';
import { createLocalStt, type LocalStt } from '#talkpath/providers/cascade/stt/local.js';
import { within } from '../../support/deadline.js';
import { atLevel, joined, noise, silence, voiceBandNoise } from '../../support/sound.js';
import { Speech } from '../../support/speech.js';
import { haveModels } from '../../support/speech-models.js';
import { telephoneSentence } from '../../support/telephone-sentence.js';
import { wordErrors } from '../../support/word-errors.js';

// TALKPATH_NOISE_FULL=1 measures all sentences at all ratios and prints a table; a test run takes those of an ordinary call.
const full = process.env.TALKPATH_NOISE_FULL === '1';
const lineRateHz = 8000;
const agentRateHz = 16_000;
const leadMs = 1000;
const deadlineMs = 600_000;
const suppressions = { off: 0, low: 1 };
const ratiosDb = full ? [5, 10, 15, 25] : [15, 25];
const sentences = [
  'Hello, I would like to book a table for four people tomorrow evening.',
  'Can you tell me when you are open on Saturday?',
  'I have a problem with my last invoice, it was charged twice.',
  'Please transfer me to the billing department.',
  'What is the balance of my account?',
  'I need to speak with a human agent right now.',
  'Do you have a room with two beds for the first week of June?',
  'The delivery was supposed to arrive on Monday morning.',
  'I moved to a new house and want to change my address.',
  'How much does it cost to send a parcel to Canada?',
  'My daughter has a fever and I would like to see a doctor today.',
  'The printer in our office stopped working after the update.',
  'Could you tell me the name of the manager?',
  'I forgot my password and cannot log in any more.',
  'We are six people and two of us do not eat meat.',
  'Please cancel the second order but keep the first one.',
  'Is there a bus from the station to your shop?',
  'I will call again tomorrow after lunch.',
];

interface Noisy {
  readonly kind: string;
  readonly ratioDb: number;
  readonly sentence: string;
  readonly line: Int16Array;
}

/** Other people: the same recording, several times over. */
function babble(speech: Speech, samples: number, seed: number): Int16Array {
  const { samples: prompt } = speech.read('prompt');
  return silence(samples / (lineRateHz / 1000), lineRateHz).map((_, i) =>
    [0, 61_000, 127_000, 170_000].reduce((sum, from) => sum + (prompt[(from + seed * 3001 + i) % prompt.length] ?? 0) / 4, 0),
  );
}

async function noisyLines(speech: Speech): Promise<Noisy[]> {
  const lines: Noisy[] = [];
  for (const [i, sentence] of sentences.slice(0, full ? sentences.length : 6).entries()) {
    const said = await telephoneSentence(sentence, i % 2 ? 'slt' : 'rms');
    const clean = joined(silence(leadMs, lineRateHz), said, silence(600, lineRateHz));
    const ms = clean.length / (lineRateHz / 1000);
    const noises = {
      white: noise(ms, lineRateHz, -20, i + 1),
      'voice band': voiceBandNoise(ms, lineRateHz, -20, i + 1),
      people: babble(speech, clean.length, i),
    };
    for (const [kind, sound] of Object.entries(noises)) {
      for (const ratioDb of ratiosDb) {
        const level = atLevel(sound, -20 - ratioDb);
        const line = clean.map((sample, at) => Math.max(-32768, Math.min(32767, sample + (level[at] ?? 0))));
        lines.push({ kind, ratioDb, sentence, line });
      }
    }
  }
  return lines;
}

/** What an agent gets of callers who speak at the same time, in real time, through a telephony session each. */
async function throughEngine(lines: readonly Int16Array[], noiseSuppression: number): Promise<Uint8Array[]> {
  const options = { lineRateHz, highPassHz: 80, noiseSuppression, echoCancellation: 0, echoMaxDelayMs: 500 };
  const voice = { voiceMode: 2, speechOnsetMs: 60, speechHangoverMs: 200, comfortNoiseDbfs: 0 };
  const calls = lines.map((line) => {
    const lineEnd = openSession({ ...options, ...voice });
    return { line: Buffer.from(line.buffer), lineEnd, agentEnd: new AgentEnd(lineEnd.sessionId, agentRateHz, 20), heard: [] as Uint8Array[], at: 0 };
  });
  const room = new Uint8Array(32_000);
  const longest = Math.max(...calls.map(({ line }) => line.length));
  const startedMs = performance.now();
  for (let pushed = 0; pushed < longest + 8000; ) {
    const due = Math.floor((performance.now() - startedMs) / 20) * 320;
    for (const call of calls) {
      const end = Math.min(due, call.line.length);
      if (end > call.at) call.at += call.lineEnd.push(call.line, call.at, end - call.at, lineRateHz);
      const count = call.agentEnd.drain(room);
      if (count > 0) call.heard.push(room.slice(0, count));
      while (call.lineEnd.drain(room, 0) > 0);
      while (call.agentEnd.nextEvent());
    }
    pushed = due;
    await setTimeout(10);
  }
  for (const { lineEnd, agentEnd } of calls) {
    agentEnd.release();
    lineEnd.close();
  }
  return calls.map(({ heard }) => new Uint8Array(Buffer.concat(heard)));
}

async function recognised(stt: LocalStt, pcm: Uint8Array): Promise<string> {
  const session = stt.open();
  const frameBytes = 640;
  const from = (leadMs + 60) * 32;
  for (let at = 0; at + frameBytes <= pcm.length; at += frameBytes) session.push(pcm.subarray(at, at + frameBytes), at >= from);
  session.push(new Uint8Array(frameBytes), false);
  const text = await session.take();
  session.close();
  return text;
}

const test = suite('a caller in noise');
const speech = await Speech.fetched();
const wherePossible = speech && (await haveModels(['stt', 'neural'])) ? test : test.skip;

wherePossible('is understood as well without noise suppression as with it', async () => {
  assert.ok(speech);
  startEngine({ workers: 1, realtime: false });
  const stt = await createLocalStt({ tier: 'neural' });
  const lines = await noisyLines(speech);
  const table: Record<string, Record<string, number>> = {};
  const totals: Record<string, number> = {};
  let words = 0;
  for (const [name, suppression] of Object.entries(suppressions)) {
    for (let from = 0; from < lines.length; from += 27) {
      const batch = lines.slice(from, from + 27);
      const heard = await throughEngine(
        batch.map(({ line }) => line),
        suppression,
      );
      for (const [i, pcm] of heard.entries()) {
        const { kind, ratioDb, sentence } = batch[i] as Noisy;
        const counted = wordErrors(sentence, await within(deadlineMs, sentence, recognised(stt, pcm)));
        const row = table[`${kind} ${ratioDb} dB`] ?? {};
        table[`${kind} ${ratioDb} dB`] = { ...row, [name]: (row[name] ?? 0) + counted.errors };
        totals[name] = (totals[name] ?? 0) + counted.errors;
        words += name === 'off' ? counted.words : 0;
      }
    }
  }
  await stt.close();
  stopEngine();
  if (full) {
    console.table(table);
    console.log({ words, ...totals });
  }
  const { off = 0, low = 0 } = totals;
  assert.ok(off <= low + 0.02 * words, `${off} of ${words} words wrong without, ${low} with it`);
});

test.run();
