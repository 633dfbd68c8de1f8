import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../deadline.js';
import { begun, heard, patient, type VoiceBench, type VoiceUnderTest } from './tts-bench.js';

const never = new AbortController().signal;

/** What a voice does when nothing goes wrong but the caller's patience. */
export function speakingTests(test: Test<{ bench: VoiceBench }>, { outputs }: VoiceUnderTest): void {
  test('it offers what it can give', async ({ bench }) => {
    assert.equal((await bench.tts()).outputs, outputs);
  });

  for (const output of outputs) {
    test(`a sentence in ${output.encoding} at ${output.rateHz} Hz comes whole, and says what it is`, async ({ bench }) => {
      const session = await bench.open({ output });
      const formats = new Set<string>();
      const pieces: Uint8Array[] = [];
      for await (const { audio, format } of session.speak('How can I help you?', 1, never)) {
        pieces.push(audio);
        formats.add(JSON.stringify(format));
      }
      assert.equal([...formats], [JSON.stringify(output)]);
      assert.ok(Buffer.concat(pieces).equals(bench.whole('How can I help you?', output)));
      assert.equal(bench.service.violations, []);
    });
  }

  test('audio comes as it is made, not when all is made', async ({ bench }) => {
    bench.service.manner.pace = 1;
    const session = await bench.open();
    const speech = session.speak('This takes a while to be said.', 1, never);
    const { first, rest } = await begun(speech);
    assert.ok(first.audio.length < bench.whole('This takes a while to be said.').length / 2);
    await rest.return?.();
  });

  test('the sentences of a turn come in their order, each to its end, and are counted', async ({ bench }) => {
    const session = await bench.open();
    for (const text of ['One moment, please.', 'Your table is booked.', 'Für zwei.']) {
      assert.ok((await heard(session.speak(text, 1, never))).equals(bench.whole(text)), text);
    }
    assert.equal(bench.service.spoken, ['One moment, please.', 'Your table is booked.', 'Für zwei.']);
    assert.is(bench.characters, 'One moment, please.Your table is booked.Für zwei.'.length);
    assert.equal(bench.service.violations, []);
    assert.is(bench.failures, 0);
  });

  test('a sentence that is asked for before the one before was heard does not get into it', async ({ bench }) => {
    const session = await bench.open();
    const texts = ['One moment, please.', 'Your table is booked.', 'Anything else?'];
    const all = await Promise.all(texts.map((text) => heard(session.speak(text, 1, never))));
    for (const [i, text] of texts.entries()) assert.ok(all[i]?.equals(bench.whole(text)), text);
    assert.equal(bench.service.violations, []);
  });

  test('a sentence that waits for the one before is not late for that', async ({ bench }) => {
    bench.service.manner.pace = 1;
    const session = await bench.open({ limits: { ...patient, first_audio_ms: 1000 } });
    const texts = ['A sentence that takes its time until it is all said.', 'Next.'];
    const all = await Promise.all(texts.map((text) => heard(session.speak(text, 1, never))));
    for (const [i, text] of texts.entries()) assert.ok(all[i]?.equals(bench.whole(text)), text);
  });

  test('calls do not hear each other', async ({ bench }) => {
    const [one, two] = [await bench.open(), await bench.open()];
    const [first, second] = await Promise.all([heard(one.speak('For the one.', 1, never)), heard(two.speak('For the other.', 1, never))]);
    assert.ok(first.equals(bench.whole('For the one.')));
    assert.ok(second.equals(bench.whole('For the other.')));
  });

  test('pieces that are cut in the middle of a sample are put together again', async ({ bench }) => {
    bench.service.manner.splitsSamples = true;
    for (const output of outputs) {
      const session = await bench.open({ output });
      const size = output.encoding === 'pcm16' ? 2 : 1;
      const pieces: Uint8Array[] = [];
      for await (const { audio } of session.speak('Cut anywhere.', 1, never)) pieces.push(audio);
      assert.ok(pieces.every(({ length }) => length > 0 && length % size === 0));
      assert.ok(Buffer.concat(pieces).equals(bench.whole('Cut anywhere.', output)));
      session.close();
    }
  });

  test('what has no word in it is not asked for', async ({ bench }) => {
    const session = await bench.open();
    for (const text of ['', ' … ', '!?']) assert.is((await heard(session.speak(text, 1, never))).length, 0);
    assert.equal(bench.service.spoken, []);
    assert.is(bench.characters, 0);
  });

  test('a sentence that is aborted ends without an error, and the next turn has none of it', async ({ bench }) => {
    bench.service.manner.pace = 2;
    const session = await bench.open();
    const abort = new AbortController();
    const { rest } = await begun(session.speak('This will be interrupted by the caller.', 1, abort.signal));
    abort.abort();
    assert.ok((await rest.next()).done);
    bench.service.manner.pace = 20;
    assert.ok((await heard(session.speak('Yes?', 2, never))).equals(bench.whole('Yes?')));
    assert.ok((await heard(session.speak('I am listening.', 2, never))).equals(bench.whole('I am listening.')));
    assert.is(bench.failures, 0);
    assert.equal(bench.service.violations, []);
  });

  test('a caller who interrupts again and again does not use the voice up', async ({ bench }) => {
    const session = await bench.open();
    for (let turn = 1; turn <= 12; turn += 1) {
      const abort = new AbortController();
      const { rest } = await begun(session.speak(`This is attempt ${turn}, and it is cut.`, turn, abort.signal));
      abort.abort();
      assert.ok((await rest.next()).done);
    }
    assert.ok((await heard(session.speak('At last.', 13, never))).equals(bench.whole('At last.')));
    assert.is(bench.failures, 0);
    assert.equal(bench.service.violations, []);
  });

  test('a sentence that is aborted before its first audio ends at once, and leaves no work', async ({ bench }) => {
    bench.service.fault = { type: 'stall-in-reply', afterMs: 0 };
    const session = await bench.open();
    const abort = new AbortController();
    const next = session.speak('Nobody hears this.', 1, abort.signal)[Symbol.asyncIterator]().next();
    await eventually(5000, 'the request at the service', () => bench.service.spoken.length === 1, 5);
    abort.abort();
    assert.ok((await next).done);
    bench.service.fault = undefined;
    assert.ok((await heard(session.speak('But this.', 2, never))).equals(bench.whole('But this.')));
    await eventually(5000, 'work that is given up', () => (bench.service.atWork ?? 0) === 0, 5);
  });

  test('a sentence that is aborted already is not asked for', async ({ bench }) => {
    const session = await bench.open();
    assert.is((await heard(session.speak('Too late.', 1, AbortSignal.abort()))).length, 0);
    assert.equal(bench.service.spoken, []);
  });

  test('a reader who leaves in the middle leaves nothing to the next sentence, and no work', async ({ bench }) => {
    bench.service.fault = { type: 'stall-in-reply', afterMs: 200 };
    const session = await bench.open();
    for await (const _piece of session.speak('The reader leaves after the first piece.', 1, never)) break;
    bench.service.fault = undefined;
    assert.ok((await heard(session.speak('And is back.', 2, never))).equals(bench.whole('And is back.')));
    await eventually(5000, 'work that is given up', () => (bench.service.atWork ?? 0) === 0, 5);
  });
}
