import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { AudioQueue } from '#talkpath/providers/cascade/tts/audio-queue.js';
import { serviceSpeech } from '#talkpath/providers/cascade/tts/service-speech.js';
import { failureOf } from '../../../support/conformance/tts-bench.js';
import { within } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A sentence whose service does what the test says, on a clock that the test moves. */
function bench() {
  const clock = new ManualClock();
  const queue = new AudioQueue('test');
  const abort = new AbortController();
  let stop: AbortSignal | undefined;
  const speech = serviceSpeech({
    who: 'test',
    format: pcm16(8000),
    clock,
    limits: { connect_ms: 1, first_audio_ms: 3000, idle_ms: 1500 },
    signal: abort.signal,
    ask: async (signal) => {
      stop = signal;
      return queue;
    },
  });
  return { clock, queue, abort, speech, stopped: () => stop?.aborted };
}

test('the first audio is waited for so long, and the asking counts', async () => {
  const { clock, speech, stopped } = bench();
  const failure = failureOf(speech.next());
  await turn();
  clock.advance(2999);
  await turn();
  assert.is(stopped(), false);
  clock.advance(1);
  assert.is((await failure).code, 'TP_ERR_PROVIDER_TIMEOUT');
  assert.match((await failure).message, '3000 ms');
  assert.ok(stopped());
  assert.is(clock.pending, 0);
});

test('each piece is waited for anew', async () => {
  const { clock, speech, queue } = bench();
  for (let i = 0; i < 5; i += 1) {
    const next = speech.next();
    await turn();
    clock.advance(1400);
    queue.push(Uint8Array.of(1, 2));
    assert.not((await next).done);
  }
  const failure = failureOf(speech.next());
  await turn();
  clock.advance(1500);
  assert.match((await failure).message, '1500 ms');
  assert.is(clock.pending, 0);
});

test('half a sample is not audio yet', async () => {
  const { clock, speech, queue } = bench();
  const next = speech.next();
  queue.push(Uint8Array.of(1));
  await turn();
  queue.push(Uint8Array.of(2, 3));
  assert.equal([...((await next).value?.audio ?? [])], [1, 2]);
  queue.end();
  assert.ok((await speech.next()).done);
  assert.is(clock.pending, 0);
});

test('a sentence that ends without audio is a failure', async () => {
  const { speech, queue } = bench();
  queue.push(Uint8Array.of(1));
  queue.end();
  assert.is((await failureOf(speech.next())).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

test('an abort ends the sentence even where the service does not answer it', async () => {
  const { clock, speech, abort, stopped } = bench();
  const next = speech.next();
  await turn();
  abort.abort();
  assert.ok((await next).done);
  assert.ok(stopped());
  assert.is(clock.pending, 0);
});

test('an abort between two pieces is not waited for', async () => {
  const { clock, speech, queue, abort } = bench();
  queue.push(Uint8Array.of(1, 2));
  assert.not((await speech.next()).done);
  abort.abort();
  assert.ok((await within(2000, 'the end', speech.next())).done);
  assert.is(clock.pending, 0);
});

test('what came before an abort and was not read is not given any more', async () => {
  const { speech, queue, abort } = bench();
  queue.push(Uint8Array.of(1, 2));
  queue.push(Uint8Array.of(3, 4));
  assert.not((await speech.next()).done);
  abort.abort();
  assert.ok((await speech.next()).done);
});

test.run();
