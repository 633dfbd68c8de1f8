import * as assert from 'uvu/assert';
import { agentSpeaks, agentStops } from '../support/asterisk/agent-speech.js';
import type { Bench } from '../support/asterisk/bench.js';
import { assertSteady } from '../support/asterisk/steadiness.js';
import { asteriskSuite } from '../support/asterisk/suite.js';
import { activeIntervals, totalMs } from '../support/audio-measure.js';
import { atLevel, noise, silence } from '../support/sound.js';
import { Speech } from '../support/speech.js';
import { telephoneSentence } from '../support/telephone-sentence.js';

const suite = await asteriskSuite('a bad network', { environment: { TALKPATH_PROVIDER: 'echo' } });
const speech = await Speech.fetched();
const rateHz = 8000;
const network = { jitterMs: 60, lossRatio: 0.05 };

suite.scenario('60 ms of jitter and 5 % of loss on the way in leave the way out untouched', async (bench) => {
  const said = speech ? atLevel(speech.read('prompt').samples.subarray(0, rateHz * 8), -20) : noise(8000, rateHz, -20);
  const { uuid, call } = await bench.dial('app', { network: { ...network, seed: 7 } });
  await call.play(silence(300, rateHz));
  const played = await call.play(said);
  const { state, audio } = await bench.talkpath.call(uuid);
  process.stdout.write(`\n${call.packetsLost} packets lost, ${audio?.lineMsMissing} ms missing at the line\n`);
  assert.ok(call.packetsLost >= 10, `${call.packetsLost} packets lost: the network did its work`);
  assertSteady(bench, call, played);
  assert.is(state, 'live');
  assert.ok((audio?.lineMsMissing ?? 0) > 200, `${audio?.lineMsMissing} ms missing are counted`);
  const heardMs = totalMs(activeIntervals(call.heard.sound(played.fromMs, played.toMs).samples, rateHz));
  const saidMs = totalMs(activeIntervals(said, rateHz));
  assert.ok(heardMs > 0.7 * saidMs, `${heardMs} ms of ${saidMs} ms are heard`);
});

/**
 * What the network does to each time the question is said: it loses one packet in 20, here and there in it. Which ones
 * decides what is understood, so they are the same ones in every run.
 */
const networkSeeds = [39, 32, 12];
const question = 'What are your opening hours?';

interface Answered {
  readonly heard: string;
  readonly answer: string;
}

/** Dials, hears the greeting out, and asks; again, once for each seed, while the agent has not understood. */
async function answerTo(bench: Bench, extension: string, said: Int16Array, seeds: readonly number[]): Promise<Answered> {
  const { uuid, call } = await bench.dial(extension, { announce: { provider: 'local' }, network: { ...network, seed: 11 } });
  // Nothing was asked of the models before the first of these calls.
  await agentSpeaks(call, 15_000);
  let answered: Answered = { heard: '', answer: '' };
  for (const [attempt, seed] of seeds.entries()) {
    await agentStops(call, 1200, 15_000);
    const lostBefore = call.packetsLost;
    await call.playThrough(seed, said);
    const lost = call.packetsLost - lostBefore;
    const { transcript } = await bench.talkpath.callWhen(uuid, 'an answer', (record) => record.transcript.length > 2 * (attempt + 1), 10_000);
    const [heard = '', answer = ''] = transcript.slice(-2).map(({ text }) => text);
    process.stdout.write(`\n${lost} packets of the question lost: "${heard}" "${answer}"\n`);
    assert.ok(lost >= 4, `${lost} packets of the question lost: the network did its work`);
    answered = { heard, answer };
    if (!answer.startsWith('Sorry')) break;
  }
  return answered;
}

suite.scenario('a question through 60 ms of jitter and 5 % of loss gets the right answer, at the latest when it is said again', async (bench) => {
  const { answer } = await answerTo(bench, 'app', await telephoneSentence(question), networkSeeds);
  assert.match(answer, /Monday/);
});

suite.scenario('behind the jitter buffer that README.md advises, the words of a question are heard that are lost without it', async (bench) => {
  const { heard, answer } = await answerTo(bench, 'buffered', await telephoneSentence(question), [39]);
  assert.match(heard, /opening hours/i);
  assert.match(answer, /Monday/);
});

suite.scenario(
  'behind that buffer, a voice that the recogniser finds harder gets the right answer, at the latest when it says it again',
  async (bench) => {
    const { answer } = await answerTo(bench, 'buffered', await telephoneSentence(question, 'slt'), [32, 39]);
    assert.match(answer, /Monday/);
  },
);

suite.run();
