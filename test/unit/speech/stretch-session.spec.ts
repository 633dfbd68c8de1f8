import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StretchSession } from '#talkpath/providers/cascade/stt/stretch-session.js';
import { joined, silence, tone } from '../../support/sound.js';

const rateHz = 16000;
const frameSamples = rateHz / 50;

/** A recogniser that notes what it is given; `say` is what it hears in the next stretches. */
class Recogniser {
  readonly stretches: Int16Array[] = [];
  readonly say: (string | Error)[] = [];
  signal: AbortSignal | undefined;

  readonly recognise = async (pcm: Int16Array, signal: AbortSignal): Promise<string> => {
    this.stretches.push(pcm);
    this.signal = signal;
    const heard = this.say.shift() ?? '';
    if (heard instanceof Error) throw heard;
    return heard;
  };

  /** Length of a stretch, in milliseconds. */
  ms(stretch: number): number {
    return (this.stretches[stretch]?.length ?? 0) / 16;
  }
}

const bytesOf = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

function push(session: StretchSession, samples: Int16Array, speaking: boolean): void {
  for (let at = 0; at < samples.length; at += frameSamples) session.push(bytesOf(samples.subarray(at, at + frameSamples)), speaking);
}

const speech = (ms: number): Int16Array => tone(300, ms, rateHz);

test('a stretch is recognised as soon as it ends, with what came just before it', async () => {
  const recogniser = new Recogniser();
  recogniser.say.push('hello');
  const session = new StretchSession(recogniser.recognise, rateHz);
  const before = tone(200, 2000, rateHz);
  push(session, before, false);
  push(session, speech(1000), true);
  assert.is(recogniser.stretches.length, 0);
  push(session, silence(20, rateHz), false);
  assert.is(recogniser.stretches.length, 1);
  assert.ok(recogniser.ms(0) >= 1300 && recogniser.ms(0) <= 1360, `${recogniser.ms(0)} ms`);
  assert.equal(recogniser.stretches[0]?.subarray(300 * 16, 400 * 16), speech(1000).subarray(0, 100 * 16));
  assert.is(await session.take(), 'hello');
});

test('several stretches make one text, in their order, each recognised once', async () => {
  const recogniser = new Recogniser();
  recogniser.say.push('I would like', '', 'a table.');
  const session = new StretchSession(recogniser.recognise, rateHz);
  for (let i = 0; i < 3; i += 1) {
    push(session, speech(500), true);
    push(session, silence(100, rateHz), false);
  }
  assert.is(await session.take(), 'I would like a table.');
  assert.is(await session.take(), '');
  assert.is(recogniser.stretches.length, 3);
});

test('a caller who says nothing is not recognised', async () => {
  const recogniser = new Recogniser();
  const session = new StretchSession(recogniser.recognise, rateHz);
  push(session, silence(5000, rateHz), false);
  assert.is(await session.take(), '');
  assert.is(recogniser.stretches.length, 0);
});

test('a caller who still talks is taken by the word, and the rest is kept for the next take', async () => {
  const recogniser = new Recogniser();
  recogniser.say.push('so far', 'the rest');
  const session = new StretchSession(recogniser.recognise, rateHz);
  push(session, speech(800), true);
  assert.is(await session.take(), 'so far');
  push(session, speech(600), true);
  push(session, silence(20, rateHz), false);
  assert.is(await session.take(), 'the rest');
  assert.ok(recogniser.ms(1) < 650, 'nothing is heard twice');
});

test('a long stretch is cut at its quietest place, and nothing of it is lost', async () => {
  const recogniser = new Recogniser();
  recogniser.say.push('first', 'second');
  const session = new StretchSession(recogniser.recognise, rateHz);
  const whole = joined(speech(9000), silence(300, rateHz), speech(5000));
  push(session, whole, true);
  assert.is(recogniser.stretches.length, 1, 'the front is recognised while the caller talks on');
  assert.ok(recogniser.ms(0) > 9000 && recogniser.ms(0) < 9300, `${recogniser.ms(0)} ms`);
  push(session, silence(20, rateHz), false);
  assert.is(await session.take(), 'first second');
  assert.is(recogniser.ms(0) + recogniser.ms(1), whole.length / 16 + 20);
});

test('the audio is copied: who pushes may use the bytes again', () => {
  const recogniser = new Recogniser();
  const session = new StretchSession(recogniser.recognise, rateHz);
  const buffer = Buffer.from(bytesOf(speech(20)));
  session.push(buffer, true);
  buffer.fill(0);
  session.push(buffer, false);
  assert.equal(recogniser.stretches[0]?.subarray(0, frameSamples), speech(20));
});

test('a failure is told to whoever takes the text, once', async () => {
  const recogniser = new Recogniser();
  recogniser.say.push(new Error('the recogniser is gone'), 'well');
  const session = new StretchSession(recogniser.recognise, rateHz);
  push(session, speech(500), true);
  push(session, silence(20, rateHz), false);
  try {
    await session.take();
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'the recogniser is gone');
  }
  push(session, speech(500), true);
  push(session, silence(20, rateHz), false);
  assert.is(await session.take(), 'well');
});

test('closing calls off what is being recognised, and hears no more', () => {
  const recogniser = new Recogniser();
  const session = new StretchSession(recogniser.recognise, rateHz);
  push(session, speech(500), true);
  push(session, silence(20, rateHz), false);
  session.close();
  assert.ok(recogniser.signal?.aborted);
  push(session, speech(500), true);
  push(session, silence(20, rateHz), false);
  assert.is(recogniser.stretches.length, 1);
});

test('a session that is closed while the caller speaks has nothing more recognised', async () => {
  const recogniser = new Recogniser();
  const session = new StretchSession(recogniser.recognise, rateHz);
  push(session, speech(500), true);
  session.close();
  assert.is(await session.take(), '');
  assert.is(recogniser.stretches.length, 0);
});

test.run();
