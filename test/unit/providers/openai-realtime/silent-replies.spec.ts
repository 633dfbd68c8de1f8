import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CallerItems } from '#talkpath/providers/openai-realtime/caller-items.js';
import type { ReplyCause } from '#talkpath/providers/provider.js';
import { checked } from './bench.js';

/** Replies of which there is nothing to be heard. */

const check = checked(test);
const ours = { turn_detection: 'ours' };

for (const cause of ['greeting', 'no-input', 'resume'] as const satisfies readonly ReplyCause[]) {
  check(`a ${cause} without a sound fails its turn`, async (bench) => {
    bench.service.answers.push({ parts: [] });
    const session = await bench.open({ call: { greeting: 'Hello.' } });
    session.requestReply(1, cause, false);
    const { turn, code, retryable } = await bench.event('failed');
    assert.equal([turn, code, retryable], [1, 'TP_ERR_PROVIDER_PROTOCOL', true]);
    assert.equal(bench.eventsOf('reply-ended'), []);
  });
}

check('a caller whose words get no sound for an answer is answered elsewhere', async (bench) => {
  bench.service.words.push('I need a doctor.');
  bench.service.answers.push({ parts: [{ say: 'At once.', ms: 0 }] });
  const session = await bench.open({ set: ours });
  bench.hear(400, true);
  session.requestReply(1, 'caller', false);
  assert.is((await bench.event('failed')).turn, 1);
  assert.equal(bench.eventsOf('reply-ended'), []);
});

check('a noise of which nothing was committed needs no answer', async (bench) => {
  bench.service.answers.push({ parts: [] });
  const session = await bench.open({ set: ours });
  bench.hear(40, true);
  session.requestReply(1, 'caller', false);
  await bench.event('reply-ended', { turn: 1 });
  assert.equal(bench.eventsOf('failed'), []);
});

check('a reply without a sound that was cancelled fails nothing', async (bench) => {
  bench.service.answers.push({ parts: [] });
  const session = await bench.open();
  session.requestReply(1, 'no-input', false);
  session.cancelReply(1, { ms: 0, text: '' });
  await bench.sent('response.done');
  await bench.caughtUp();
  assert.equal([...bench.eventsOf('failed'), ...bench.eventsOf('reply-ended')], []);
});

test('a turn has speech when something was committed for it, unless it turns out to be no words', () => {
  const items = new CallerItems();
  assert.not(items.hasSpeech(1));
  items.expect(1);
  assert.ok(items.hasSpeech(1));
  items.commitFailed();
  assert.not(items.hasSpeech(1));
  items.expect(1);
  items.committed('a');
  assert.ok(items.hasSpeech(1));
  items.transcribed('a', ' ');
  assert.not(items.hasSpeech(1));
  items.expect(2);
  items.committed('b');
  items.transcribed('b', 'Hello.');
  assert.ok(items.hasSpeech(2));
  items.expect(3);
  items.committed('c');
  items.notTranscribed('c');
  assert.ok(items.hasSpeech(3));
});

test.run();
