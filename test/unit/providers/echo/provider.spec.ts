import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createEchoProvider } from '#talkpath/providers/echo/provider.js';
import type { ProviderEvent } from '#talkpath/providers/provider.js';
import { callContext } from '../../../support/call-context.js';

async function echo(rateHz: number) {
  const events: ProviderEvent[] = [];
  const session = await createEchoProvider('echo').connect({
    signal: new AbortController().signal,
    input: pcm16(rateHz),
    output: pcm16(rateHz),
    on: (event) => events.push(event),
    call: callContext(),
    history: [],
  });
  return { session, events };
}

test('what is heard is said back at once, at its own rate', async () => {
  const { session, events } = await echo(16_000);
  const audio = Uint8Array.from({ length: 320 }, (_, i) => i % 256);
  session.sendAudio(audio, false);
  assert.equal(events, [{ type: 'reply-audio', turn: 1, audio, format: pcm16(16_000) }]);
});

test('of what was held up only the newest 100 ms are said back', async () => {
  const { session, events } = await echo(8000);
  const held = Uint8Array.from({ length: 2 * 16_000 }, (_, i) => Math.floor(i / 1600));
  session.sendAudio(held, false);
  const [event] = events;
  assert.equal(event?.type === 'reply-audio' && [...new Set(event.audio)], [19]);
  assert.is(event?.type === 'reply-audio' && event.audio.byteLength, 1600);
});

test.run();
