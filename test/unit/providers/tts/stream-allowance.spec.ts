import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StreamAllowance } from '#talkpath/providers/cascade/tts/deepgram/stream-allowance.js';

test('a stream takes twenty sentences a minute', () => {
  const allowance = new StreamAllowance();
  for (let i = 0; i < 20; i += 1) assert.ok(allowance.take(10, i * 1000));
  assert.not(allowance.take(10, 59_999));
  assert.ok(allowance.take(10, 60_000));
  assert.not(allowance.take(10, 60_000));
  allowance.renew();
  assert.ok(allowance.take(10, 60_000));
});

test('a stream takes 2400 characters a minute, and one sentence of any length', () => {
  const allowance = new StreamAllowance();
  assert.ok(allowance.take(3000, 0));
  assert.not(allowance.take(1, 1000));
  assert.ok(allowance.take(2400, 60_000));
});

test.run();
