import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FallbackLines } from '#talkpath/call/fallback-lines.js';
import { settled } from '../../support/call-bench.js';

const texts = { fallback_line: 'One moment.', farewell_line: 'Goodbye.' };
const voice = (said: string[]) => ({
  async *speak(text: string) {
    said.push(text);
    yield { pcm: new Uint8Array(4), rateHz: 8000 };
  },
});

test('both lines are spoken once, with the first voice there is', async () => {
  const lines = new FallbackLines(texts);
  assert.is(lines.get(false), undefined);
  lines.prepare(undefined);
  const said: string[] = [];
  lines.prepare(voice(said));
  lines.prepare(voice(said));
  await settled();
  assert.equal(said, ['One moment.', 'Goodbye.']);
  assert.equal([lines.get(false)?.text, lines.get(true)?.text], ['One moment.', 'Goodbye.']);
});

test('a voice that fails leaves the lines out', async () => {
  const lines = new FallbackLines(texts);
  lines.prepare({
    // biome-ignore lint/correctness/useYield: it fails before it gives anything
    async *speak() {
      throw new Error('no voice');
    },
  });
  await settled();
  assert.is(lines.get(true), undefined);
});

test.run();
