import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endUnknown } from '#talkpath/providers/provider.js';
import { type CallBench, settled } from '../../support/call-bench.js';
import { heardBy, ladder, lost, pcm, says } from '../../support/ladder.js';

/** What a provider that takes a call over is told of it. */

/** The caller comes in over the first reply when so much of it was heard, and goes on. */
function cutIn(bench: CallBench, heardMs: number): void {
  bench.playout('progressed', 1, heardMs);
  bench.speech('started');
  bench.playout('paused', 1, heardMs);
  bench.clock.advance(250);
}

test('what was done is told to the provider that takes over, and what is under way too', async () => {
  const { bench, first, second } = await ladder();
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'weather', arguments: { city: 'Rome' } });
  await settled();
  bench.toolAnswer = new Promise(() => {});
  first.options?.on({ type: 'tool-call', turn: 1, id: 'b', name: 'book', arguments: { day: 'Monday' } });
  lost(first);
  await settled();
  assert.equal(second.options?.call.done, [
    { name: 'weather', arguments: '{"city":"Rome"}', answer: 'done' },
    { name: 'book', arguments: '{"day":"Monday"}', answer: endUnknown },
  ]);
});

test('what is kept of a tool is cut between two characters', async () => {
  const { bench, first, second } = await ladder();
  bench.toolAnswer = Promise.resolve({ text: '👍'.repeat(400), isSpokenOf: true });
  first.options?.on({ type: 'tool-call', turn: 1, id: 'a', name: 'weather', arguments: { odd: '.', city: '👍'.repeat(400) } });
  await settled();
  lost(first);
  await settled();
  const [kept] = second.options?.call.done ?? [];
  assert.equal([kept?.arguments.length, kept?.arguments.isWellFormed(), kept?.answer.length, kept?.answer.isWellFormed()], [500, true, 500, true]);
});

test('a session that has lasted as long as any may is followed by another of the same provider', async () => {
  const { bench, first, second } = await ladder();
  says(first, 1, 'Hello.', 500);
  bench.playout('started', 1);
  first.options?.on({ type: 'reply-ended', turn: 1 });
  bench.playout('ended', 1, 500);
  first.options?.on({ type: 'failed', code: 'TP_ERR_PROVIDER_LOST', message: 'expired', retryable: true, expired: true });
  await settled();
  assert.equal([second.options, heardBy(first)], [undefined, [{ who: 'agent', text: 'Hello.' }]]);
});

test('what was said over a reply that went on is not played to who takes over at rest', async () => {
  const { bench, first, second } = await ladder();
  says(first, 1, 'A story.', 3000);
  bench.playout('started', 1);
  bench.speech('started');
  bench.agentEnd.heard = pcm(100);
  bench.call.pump();
  bench.speech('ended');
  first.options?.on({ type: 'reply-ended', turn: 1 });
  bench.playout('ended', 1, 3000);
  lost(first);
  await settled();
  assert.equal(second.asked, []);
});

test('a caller who comes in while another provider takes over is heard from the first word', async () => {
  const { bench, first, second } = await ladder();
  says(first, 1, 'A long story.', 5000);
  bench.playout('started', 1);
  bench.speech('started');
  bench.agentEnd.heard = pcm(100);
  bench.call.pump();
  lost(first);
  await settled();
  assert.equal(second.asked, ['audio 1600 speaking', 'request 1 resume']);
});

test('who took over learns how much was heard of the words before, when the caller comes in over them', async () => {
  const { bench, first, second } = await ladder();
  says(first, 1, 'one two three four five six seven eight nine ten', 5000);
  bench.playout('started', 1);
  lost(first);
  await settled();
  cutIn(bench, 2500);
  assert.is(second.asked.at(-1), 'cancel 1 after 0 "" before "one two three four five"');
});

test('a caller who cuts in while the next provider is sought is not told on as one who heard all', async () => {
  const { bench, first, second } = await ladder();
  let connected: () => void = () => {};
  second.connecting = new Promise((resolve) => {
    connected = resolve;
  });
  says(first, 1, 'one two three four five six seven eight nine ten', 5000);
  bench.playout('started', 1);
  lost(first);
  await settled();
  cutIn(bench, 2500);
  connected();
  await settled();
  assert.equal(heardBy(second), [{ who: 'agent', text: 'one two three four five' }]);
});

test.run();
