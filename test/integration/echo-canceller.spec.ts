import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EchoCanceller } from '#talkpath/dsp.js';
import { atLevel, joined, resampled, silence } from '../support/sound.js';
import { Speech } from '../support/speech.js';
import { blocksOf } from '../support/stream-cuts.js';

const test = suite('the echo canceller of talkpath/dsp');
const speech = await Speech.fetched();
const wherePossible = speech ? test : test.skip;
const rateHz = 8000;

wherePossible('tells who speaks over an echo from the echo', () => {
  if (!speech) return;
  const agent = atLevel(speech.read('prompt').samples, -22).subarray(0, 24 * rateHz);
  const reader = atLevel(resampled(speech.read('reader'), rateHz), -20);
  const callerFromMs = 15_000;
  const line = joined(silence(150, rateHz), agent).subarray(0, agent.length);
  const caller = joined(silence(callerFromMs, rateHz), reader, silence(30_000, rateHz));
  const canceller = new EchoCanceller({ sampleRateHz: rateHz, mode: 'auto' });
  const far = blocksOf(agent, canceller.blockSamples);
  let [echoAlone, callerToo] = [0, 0];
  blocksOf(
    line.map((sample, i) => Math.round(0.3 * sample) + (caller[i] ?? 0)),
    canceller.blockSamples,
  ).forEach((near, i) => {
    canceller.process(near, far[i] as Int16Array);
    const { callerSpeaks, callerProbability } = canceller.state;
    assert.ok(callerProbability >= 0 && callerProbability <= 1);
    if (10 * i < callerFromMs) echoAlone += Number(callerSpeaks);
    else if (10 * i < callerFromMs + 6000) callerToo += Number(callerSpeaks);
  });
  assert.ok(Math.abs((canceller.state.echoDelaySamples ?? 0) - 0.15 * rateHz) <= 4, `${canceller.state.echoDelaySamples} samples`);
  assert.ok(echoAlone <= 5, `${echoAlone} of 1500 blocks of the echo alone`);
  assert.ok(callerToo >= 300, `${callerToo} of 600 blocks in which the caller reads`);
});

test.run();
