import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addUsage, type Usage } from '#talkpath/base/usage.js';

test('what a service says it used is added up, and what it cannot have used is left out', () => {
  const sum: { -readonly [Unit in keyof Usage]: Usage[Unit] } = {};
  addUsage(sum, { input_text_tokens: 40, stt_seconds: 1.5 });
  addUsage(sum, { input_text_tokens: 2, output_text_tokens: 0 });
  for (const impossible of [1e306, 1e10, Number.POSITIVE_INFINITY, Number.NaN, -3]) addUsage(sum, { input_text_tokens: impossible });
  assert.equal(sum, { input_text_tokens: 42, stt_seconds: 1.5 });
});

test.run();
