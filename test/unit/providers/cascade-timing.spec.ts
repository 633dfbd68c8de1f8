import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createCascadeProvider } from '#talkpath/providers/cascade/provider.js';
import type { ProviderEvent, ProviderSession, ReplyCause } from '#talkpath/providers/provider.js';
import { settled } from '../../support/call-bench.js';
import { callContext } from '../../support/call-context.js';
import { ManualClock } from '../../support/manual-clock.js';

const frame = new Uint8Array(640);

/** A cascade whose parts take the time that they are given. */
async function openSession(partsMs: { stt: number; llm: number; tts: number }) {
  const clock = new ManualClock();
  const takes = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const stt = {
    inputs: [pcm16(16000)],
    turnTaking: 'ours' as const,
    open: async () => ({
      push: () => {},
      take: async () => {
        await takes(partsMs.stt);
        return 'words';
      },
      close: () => {},
    }),
    close: async () => {},
  };
  const llm = {
    knownSentences: [],
    open: () => ({
      async *reply() {
        for (const text of ['One.', 'Two.']) {
          await takes(partsMs.llm);
          yield { type: 'text' as const, text };
        }
      },
      heard: () => {},
    }),
    close: async () => {},
  };
  const tts = {
    outputs: [],
    open: async () => ({
      async *speak(text: string) {
        await takes(text === 'One.' ? partsMs.tts : 10 * partsMs.tts);
        for (let i = 0; i < 2; i += 1) yield { audio: frame, format: pcm16(16000) };
      },
      close: () => {},
    }),
    prepare: async () => {},
    close: async () => {},
  };
  const timings: string[] = [];
  const on = (event: ProviderEvent): void => {
    if (event.type === 'timing') timings.push(`${event.turn} ${event.stage} ${event.ms}`);
  };
  const provider = createCascadeProvider('test', { stt, llm, tts }, clock);
  const session: ProviderSession = await provider.connect({
    signal: new AbortController().signal,
    input: pcm16(16000),
    output: pcm16(16000),
    on,
    call: callContext(),
    history: [],
  });
  const reply = async (turn: number, cause: ReplyCause): Promise<void> => {
    session.requestReply(turn, cause, false);
    for (let i = 0; i < 400; i += 1) {
      clock.advance(10);
      await settled();
    }
  };
  return { clock, session, timings, reply };
}

test('a reply tells each stage once: the silence before it, recognition, and the first sentence and its first sound', async () => {
  const { clock, session, timings, reply } = await openSession({ stt: 120, llm: 50, tts: 30 });
  session.sendAudio(frame, true);
  clock.advance(900);
  session.sendAudio(frame, false);
  clock.advance(200);
  session.sendAudio(frame, false);
  clock.advance(200);
  await reply(1, 'caller');
  assert.equal(timings, ['1 silence 400', '1 stt 120', '1 llm 50', '1 tts 30']);
});

test('a greeting has no silence before it and nothing to recognise', async () => {
  const { timings, reply } = await openSession({ stt: 120, llm: 50, tts: 30 });
  await reply(1, 'greeting');
  assert.equal(timings, ['1 llm 50', '1 tts 30']);
});

test('a caller who is answered while speaking was not silent', async () => {
  const { clock, session, timings, reply } = await openSession({ stt: 120, llm: 50, tts: 30 });
  session.sendAudio(frame, false);
  session.sendAudio(frame, true);
  clock.advance(30_000);
  await reply(1, 'caller');
  assert.equal(timings, ['1 stt 120', '1 llm 50', '1 tts 30']);
});

test.run();
