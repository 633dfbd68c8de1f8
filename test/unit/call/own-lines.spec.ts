import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OwnLines } from '#talkpath/call/own-lines.js';
import { settled } from '../../support/call-bench.js';

const texts = { fallback_line: 'One moment.', farewell_line: 'Goodbye.', bridge_lines: ['Let me see.', 'Still here.'] };
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

test('all lines are spoken once, as soon as there is a voice', async () => {
  const lines = new OwnLines(texts);
  assert.is(lines.fallback(false), undefined);
  lines.prepare([]);
  await lines.ready();
  const said: string[] = [];
  lines.prepare([voice(said)]);
  lines.prepare([voice(said)]);
  await lines.ready();
  assert.equal(said, ['One moment.', 'Goodbye.', 'Let me see.', 'Still here.']);
  assert.equal([lines.fallback(false)?.text, lines.fallback(true)?.text], ['One moment.', 'Goodbye.']);
});

test('a better voice takes over when it has spoken them', async () => {
  const lines = new OwnLines(texts);
  lines.prepare([voice([], 8000), voice([], 24_000)]);
  await lines.ready();
  assert.ok(lines.fallback(true));
  await settled();
  assert.equal([lines.fallback(false)?.rateHz, lines.fallback(true)?.rateHz], [24_000, 24_000]);
});

test('a voice that fails leaves what is there', async () => {
  const lines = new OwnLines(texts);
  lines.prepare([broken]);
  await lines.ready();
  assert.is(lines.fallback(true), undefined);
  const others = new OwnLines(texts);
  others.prepare([voice([]), broken]);
  await settled();
  assert.is(others.fallback(false)?.text, 'One moment.');
});

test('lines for the time in which a reply is late come one after the other', async () => {
  const lines = new OwnLines(texts);
  assert.is(lines.bridge(0), undefined);
  lines.prepare([voice([])]);
  await lines.ready();
  assert.equal(
    [0, 1, 2].map((n) => lines.bridge(n)?.text),
    ['Let me see.', 'Still here.', 'Let me see.'],
  );
  const silent = new OwnLines({ ...texts, bridge_lines: [] });
  silent.prepare([voice([])]);
  await silent.ready();
  assert.is(silent.bridge(0), undefined);
});

test.run();
