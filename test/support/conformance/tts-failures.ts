import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '#emulators/fault.js';
import { TalkpathError } from '#talkpath/base/errors.js';
import type { SpeechLimits } from '#talkpath/providers/cascade/tts/service-speech.js';
import { begun, type Failure, failureOf, heard, impatient, patient, type VoiceBench, type VoiceUnderTest } from './tts-bench.js';

const never = new AbortController().signal;
const secret = 'The password is marmalade.';

/** What a voice makes of everything that can go wrong: one failure, with a code, that repeats neither text nor key. */
export function failureTests(test: Test<{ bench: VoiceBench }>, { connects, garbage, key }: VoiceUnderTest): void {
  const checkWords = ({ message }: Failure): void => {
    assert.not.match(message, 'marmalade');
    assert.not.match(message, key);
  };
  const firstFailure = async (bench: VoiceBench, limits: SpeechLimits): Promise<Failure> => {
    if (connects === 'when-opened') return failureOf(bench.open({ limits }));
    return failureOf(bench.open({ limits }).then((session) => heard(session.speak(secret, 1, never))));
  };

  for (const [what, fault, code, limits] of [
    ['cannot be reached', { type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT', patient],
    ['does not take the key', { type: 'status', status: 401 }, 'TP_ERR_PROVIDER_REFUSED', patient],
    ['does not let the account in', { type: 'status', status: 403 }, 'TP_ERR_PROVIDER_REFUSED', patient],
    ['has too much to do', { type: 'status', status: 429, retryAfterS: 2 }, 'TP_ERR_PROVIDER_BUSY', patient],
    ['is broken', { type: 'status', status: 500 }, 'TP_ERR_PROVIDER_CONNECT', patient],
    ['does not answer', { type: 'hang' }, 'TP_ERR_PROVIDER_TIMEOUT', impatient],
  ] as const satisfies readonly (readonly [string, Fault, string, SpeechLimits])[]) {
    test(`a service that ${what} is a failure with ${code}, once`, async ({ bench }) => {
      bench.service.fault = fault;
      const failure = await firstFailure(bench, limits);
      assert.instance(failure, TalkpathError);
      assert.is(failure.code, code, failure.message);
      checkWords(failure);
      assert.is(bench.failures, 0);
      assert.is(bench.characters, 0);
    });

    test(`a probe of a service that ${what} fails the same way, and of a sound one does not`, async ({ bench }) => {
      const tts = await bench.tts(limits);
      bench.service.fault = fault;
      const failure = await failureOf(tts.probe?.(never) ?? Promise.resolve());
      assert.is(failure.code, code, failure.message);
      checkWords(failure);
    });
  }

  test('a probe of a sound service is content', async ({ bench }) => {
    await (await bench.tts()).probe?.(never);
    assert.equal(bench.service.violations, []);
  });

  test('a connection that is lost in a sentence is one failure, after what came; the next sentence is spoken again', async ({ bench }) => {
    const session = await bench.open();
    bench.service.fault = { type: 'close-in-reply', afterMs: 300 };
    const { rest } = await begun(session.speak(secret, 1, never));
    const failure = await failureOf(drained(rest));
    assert.is(failure.code, 'TP_ERR_PROVIDER_LOST', failure.message);
    checkWords(failure);
    assert.is(bench.failures, 0);
    bench.service.fault = undefined;
    assert.ok((await heard(session.speak('Here I am again.', 2, never))).equals(bench.whole('Here I am again.')));
  });

  test('a connection that is lost between two sentences is not missed', async ({ bench }) => {
    const session = await bench.open();
    await heard(session.speak('Before.', 1, never));
    bench.service.dropAll();
    const after = await heard(session.speak('After.', 1, never)).catch((error: Failure) => error);
    if (!Buffer.isBuffer(after)) assert.ok(['TP_ERR_PROVIDER_LOST', 'TP_ERR_PROVIDER_CONNECT'].includes(after.code), after.message);
    assert.ok((await heard(session.speak('At last.', 2, never))).equals(bench.whole('At last.')));
    assert.is(bench.failures, 0);
  });

  test('a service that falls silent in a sentence is waited for no longer than it may be, and can be spoken to again', async ({ bench }) => {
    const session = await bench.open({ limits: { ...patient, idle_ms: 250 } });
    bench.service.fault = { type: 'stall-in-reply', afterMs: 200 };
    const { rest } = await begun(session.speak(secret, 1, never));
    const failure = await failureOf(drained(rest));
    assert.is(failure.code, 'TP_ERR_PROVIDER_TIMEOUT');
    checkWords(failure);
    bench.service.fault = undefined;
    assert.ok((await heard(session.speak('And on.', 2, never))).equals(bench.whole('And on.')));
  });

  test('a service without a first word is waited for no longer than it may be', async ({ bench }) => {
    const session = await bench.open({ limits: { ...patient, first_audio_ms: 250 } });
    bench.service.fault = { type: 'stall-in-reply', afterMs: 0 };
    const failure = await failureOf(heard(session.speak(secret, 1, never)));
    assert.is(failure.code, 'TP_ERR_PROVIDER_TIMEOUT');
    checkWords(failure);
  });

  test('a service that is slow is waited for, as long as something comes', async ({ bench }) => {
    bench.service.manner.pieceMs = 20;
    bench.service.manner.msPerCharacter = 15;
    const session = await bench.open();
    bench.service.fault = { type: 'drip' };
    assert.ok((await heard(session.speak('Wait', 1, never))).equals(bench.whole('Wait')));
  });

  test('a service that sends a minute at once can be interrupted', async ({ bench }) => {
    const session = await bench.open();
    bench.service.fault = { type: 'flood' };
    const abort = new AbortController();
    const { rest } = await begun(session.speak('Too much.', 1, abort.signal));
    abort.abort();
    assert.ok((await rest.next()).done);
    bench.service.fault = undefined;
    assert.ok((await heard(session.speak('Enough.', 2, never))).equals(bench.whole('Enough.')));
  });

  for (const type of garbage) {
    test(`a service that sends ${type} is one failure, and can be spoken to again`, async ({ bench }) => {
      const session = await bench.open();
      bench.service.fault = { type };
      const failure = await failureOf(heard(session.speak(secret, 1, never)));
      assert.is(failure.code, 'TP_ERR_PROVIDER_PROTOCOL', failure.message);
      checkWords(failure);
      bench.service.fault = undefined;
      assert.ok((await heard(session.speak('And on.', 2, never))).equals(bench.whole('And on.')));
      assert.is(bench.failures, 0);
    });
  }
}

async function drained(rest: AsyncIterator<unknown>): Promise<void> {
  while (!(await rest.next()).done);
}
