import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FallbackLines } from '#talkpath/call/fallback-lines.js';
import { settled } from '../../support/call-bench.js';

const texts = { fallback_line: 'One moment.', farewell_line: 'Goodbye.' };
const voice = (said: string[], rateHz = 8000) => ({
  async *speak(text: string) {
    said.push(text);
    yield { pcm: new Uint8Array(4), rateHz };
  },
});
const broken = {
  // biome-ignore lint/correctness/useYield: it fails before it gives anything
  async *speak() {
    throw new Error('no voice');
  },
};

test('both lines are spoken once, as soon as there is a voice', async () => {
  const lines = new FallbackLines(texts);
  assert.is(lines.get(false), undefined);
  lines.prepare([]);
  await lines.ready();
  const said: string[] = [];
  lines.prepare([voice(said)]);
  lines.prepare([voice(said)]);
  await lines.ready();
  assert.equal(said, ['One moment.', 'Goodbye.']);
  assert.equal([lines.get(false)?.text, lines.get(true)?.text], ['One moment.', 'Goodbye.']);
});

test('a better voice takes over when it has spoken them', async () => {
  const lines = new FallbackLines(texts);
  lines.prepare([voice([], 8000), voice([], 24_000)]);
  await lines.ready();
  assert.ok(lines.get(true));
  await settled();
  assert.equal([lines.get(false)?.rateHz, lines.get(true)?.rateHz], [24_000, 24_000]);
});

test('a voice that fails leaves what is there', async () => {
  const lines = new FallbackLines(texts);
  lines.prepare([broken]);
  await lines.ready();
  assert.is(lines.get(true), undefined);
  const others = new FallbackLines(texts);
  others.prepare([voice([]), broken]);
  await settled();
  assert.is(others.get(false)?.text, 'One moment.');
});

test.run();
