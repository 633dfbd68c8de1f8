import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { WholeSamples } from '#talkpath/providers/cascade/tts/whole-samples.js';
import { holds } from '../../../support/property.js';

test('audio that is cut anywhere comes in whole samples, all of it but half a sample at the end', () => {
  holds(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 })), (pieces) => {
      const samples = new WholeSamples(pcm16(8000));
      const whole = pieces.map((piece) => samples.take(piece));
      const [before, after] = [Buffer.concat(pieces), Buffer.concat(whole)];
      return whole.every(({ length }) => length % 2 === 0) && after.equals(before.subarray(0, before.length - (before.length % 2)));
    }),
  );
});

test('audio of one byte a sample is passed on as it comes', () => {
  const samples = new WholeSamples({ encoding: 'alaw', rateHz: 8000 });
  assert.is(samples.take(new Uint8Array(3)).length, 3);
  assert.is(samples.take(new Uint8Array(0)).length, 0);
});

test.run();
