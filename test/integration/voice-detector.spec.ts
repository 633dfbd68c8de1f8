import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aucOf, type Judged, timingOf } from '#corpus/score.js';
import { readTestSources, type TestCall, testCalls } from '#corpus/test-set.js';
import { VoiceDetector } from '#talkpath/dsp.js';
import { fetchedFolder } from '../support/fetched-folder.js';

const test = suite('the voice detector');
const speech = await fetchedFolder('speech', 'TALKPATH_REQUIRE_SPEECH');
const wherePossible = 'folder' in speech ? test : test.skip;
/** `believed` is what mode 2 decides, 1 for speech. */
const calls: (TestCall & Judged & { readonly believed: Uint8Array })[] = [];
test.before(() => {
  if (!('folder' in speech)) return;
  for (const call of testCalls(readTestSources(speech.folder), { durationMs: 30_000, callsPerCondition: 1 }))
    calls.push({ ...call, ...judge(call.samples) });
});

function judge(samples: Int16Array): { readonly probabilities: Float32Array; readonly believed: Uint8Array } {
  const detector = new VoiceDetector({ sampleRateHz: 8000, mode: 2 });
  const probabilities = new Float32Array(samples.length / 80);
  const believed = new Uint8Array(probabilities.length);
  for (let i = 0; i < probabilities.length; i++) {
    const decision = detector.process(samples.subarray(i * 80, (i + 1) * 80));
    probabilities[i] = decision.probability;
    believed[i] = Number(decision.speech);
  }
  detector.close();
  return { probabilities, believed };
}

const among = (which: (call: TestCall) => boolean): number => aucOf(calls.filter(which));

wherePossible('tells speech from everything else on telephone calls: AUC of at least 0.994', () => {
  const auc = aucOf(calls);
  assert.ok(auc >= 0.994, `${auc}`);
  assert.ok(among(({ condition }) => condition === 'clean') >= 0.998);
});

wherePossible('tells it in each noise, and at 5 dB', () => {
  for (const condition of new Set(calls.filter(({ snrDb }) => snrDb !== undefined).map((call) => call.condition))) {
    const auc = among((call) => call.condition === condition);
    assert.ok(auc >= 0.975, `${condition}: ${auc}`);
  }
  assert.ok(among(({ snrDb }) => snrDb === 5) >= 0.975);
});

wherePossible('tells it from music, tones, breath and clicks', () => {
  const words = calls
    .filter(({ condition }) => condition === 'clean')
    .map((call) => ({ ...call, blocks: call.blocks.map((block) => (block === 0 ? 2 : block)) }));
  for (const line of calls.filter(({ blocks }) => !blocks.includes(1))) {
    const auc = aucOf([...words, line]);
    assert.ok(auc >= 0.98, `${line.condition}: ${auc}`);
  }
});

wherePossible('notices within 60 ms that somebody speaks and within 150 ms that nobody does any more, 5 dB SNR included: 95 of 100 times', () => {
  const spoken = calls.filter(({ blocks }) => blocks.includes(1)).map((call) => ({ ...call, probabilities: call.believed }));
  const { onsetMs, offsetMs, utterances, missed } = timingOf(spoken, 1);
  assert.ok(utterances > 300 && missed <= 1, `${missed} of ${utterances} missed`);
  assert.ok(onsetMs.p95 <= 60, `${onsetMs.p95} ms`);
  assert.ok(offsetMs.p95 <= 150, `${offsetMs.p95} ms`);
});

test.run();
