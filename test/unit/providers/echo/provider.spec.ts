import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createEchoProvider } from '#talkpath/providers/echo/provider.js';
import type { ProviderEvent } from '#talkpath/providers/provider.js';

async function echo(inputRateHz: number) {
  const events: ProviderEvent[] = [];
  const call = { callId: 'call', greeting: undefined, prompt: undefined, caller: {}, variables: {} };
  const session = await createEchoProvider('echo').connect({
    signal: new AbortController().signal,
    inputRateHz,
    on: (event) => events.push(event),
    call,
  });
  return { session, events };
}

test('what is heard is said back at once, at its own rate', async () => {
  const { session, events } = await echo(16_000);
  const pcm = Uint8Array.from({ length: 320 }, (_, i) => i % 256);
  session.sendAudio(pcm, false);
  assert.equal(events, [{ type: 'reply-audio', turn: 1, pcm, rateHz: 16_000 }]);
});

test('of what was held up only the newest 100 ms are said back', async () => {
  const { session, events } = await echo(8000);
  const held = Uint8Array.from({ length: 2 * 16_000 }, (_, i) => Math.floor(i / 1600));
  session.sendAudio(held, false);
  const [event] = events;
  assert.equal(event?.type === 'reply-audio' && [...new Set(event.pcm)], [19]);
  assert.is(event?.type === 'reply-audio' && event.pcm.byteLength, 1600);
});

test.run();
