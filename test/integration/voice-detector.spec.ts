import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aucOf, type Judged } from '#corpus/score.js';
import { readTestSources, type TestCall, testCalls } from '#corpus/test-set.js';
import { VoiceDetector } from '#talkpath/dsp.js';
import { fetchedFolder } from '../support/fetched-folder.js';

const test = suite('the voice detector');
const calls: (TestCall & Judged)[] = [];
test.before(async () => {
  const speech = await fetchedFolder('speech', 'TALKPATH_REQUIRE_SPEECH');
  if (!('folder' in speech)) return;
  for (const call of testCalls(readTestSources(speech.folder), { durationMs: 15_000, callsPerCondition: 1 }))
    calls.push({ ...call, probabilities: judge(call.samples) });
});

function judge(samples: Int16Array): Float32Array {
  const detector = new VoiceDetector({ sampleRateHz: 8000, mode: 2 });
  const probabilities = new Float32Array(samples.length / 80);
  for (let i = 0; i < probabilities.length; i++) probabilities[i] = detector.process(samples.subarray(i * 80, (i + 1) * 80)).probability;
  detector.close();
  return probabilities;
}

const among = (which: (call: TestCall) => boolean): number => aucOf(calls.filter(which));

test('tells speech from everything else on telephone calls: AUC of at least 0.985', () => {
  if (calls.length === 0) return;
  const auc = aucOf(calls);
  assert.ok(auc >= 0.985, `${auc}`);
  assert.ok(among(({ condition }) => condition === 'clean') >= 0.99);
});

test('tells it in each noise, and at 5 dB', () => {
  for (const condition of new Set(calls.filter(({ snrDb }) => snrDb !== undefined).map((call) => call.condition))) {
    const auc = among((call) => call.condition === condition);
    assert.ok(auc >= 0.95, `${condition}: ${auc}`);
  }
  if (calls.length > 0) assert.ok(among(({ snrDb }) => snrDb === 5) >= 0.95);
});

test('tells it from music, tones, breath and clicks', () => {
  const words = calls
    .filter(({ condition }) => condition === 'clean')
    .map((call) => ({ ...call, blocks: call.blocks.map((block) => (block === 0 ? 2 : block)) }));
  for (const line of calls.filter(({ blocks }) => !blocks.includes(1))) {
    const auc = aucOf([...words, line]);
    assert.ok(auc >= 0.98, `${line.condition}: ${auc}`);
  }
});

test.run();
