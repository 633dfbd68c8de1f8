import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sharesOf, timingOf } from '#corpus/score.js';
import { truth } from '#corpus/utterances.js';

const { silence, edge, speech } = truth;
/** 100 ms of silence, an edge, 100 ms of speech, an edge, 200 ms of silence. */
const blocks = Uint8Array.from([...new Array(10).fill(silence), edge, ...new Array(10).fill(speech), edge, ...new Array(20).fill(silence)]);
const heardIn = (from: number, to: number) => [{ blocks, probabilities: Float32Array.from(blocks, (_, i) => Number(i >= from && i < to)) }];

test('shares are of blocks of speech and of silence, and edges count for neither', () => {
  assert.equal(sharesOf(heardIn(0, blocks.length), 1), { heard: 1, falseAlarms: 1 });
  assert.equal(sharesOf(heardIn(10, 22), 1), { heard: 1, falseAlarms: 0 });
  assert.equal(sharesOf(heardIn(16, 25), 1), { heard: 0.5, falseAlarms: 0.1 });
});

test('a beginning is noticed when its block has ended, an end where no more is heard', () => {
  const { onsetMs, offsetMs, missed, utterances } = timingOf(heardIn(13, 24), 1);
  assert.equal({ onset: onsetMs.p50, offset: offsetMs.p50, missed, utterances }, { onset: 30, offset: 30, missed: 0, utterances: 1 });
});

test.run();
