import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '#emulators/fault.js';
import type { Clock } from '#talkpath/base/clock.js';
import type { SpeechToText } from '#talkpath/providers/cascade/stt/stt.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { eventually, within } from '../deadline.js';
import { rejectionOf } from '../rejection.js';
import { WatchedClock } from '../watched-clock.js';
import { SttCaller } from './stt-caller.js';

/** The emulated service that an adapter talks to. */
export interface EmulatedStt {
  fault: Fault | undefined;
  /** What it recognises in the next stretches of speech. */
  readonly says: string[];
  readonly violations: readonly string[];
  /** Connections that are open, or requests under way where those outlive a call. */
  readonly openConnections: number;
  /** Loses all of them. */
  dropAll(): void;
  close(): Promise<void>;
}

export interface SttAdapter {
  readonly name: string;
  readonly listen: () => Promise<EmulatedStt>;
  readonly create: (service: EmulatedStt, clock: Clock) => SpeechToText | Promise<SpeechToText>;
  /** A call has a connection of its own, which can be lost. */
  readonly hasConnection: boolean;
}

interface Bench {
  readonly service: EmulatedStt;
  readonly stt: SpeechToText;
  readonly clock: WatchedClock;
}

const states: readonly { readonly name: string; readonly reach: (caller: SttCaller) => unknown }[] = [
  { name: 'when nothing was said', reach: () => {} },
  { name: 'while the caller speaks', reach: (caller) => caller.speak(700) },
  { name: 'after the caller spoke', reach: (caller) => caller.say() },
  {
    name: 'while words are waited for',
    reach: (caller) => {
      caller.speak(700);
      caller.take().catch(() => {});
    },
  },
];

/** Tests that every speech-to-text passes, whichever service it speaks to. */
export function testStt(test: Test, adapter: SttAdapter): void {
  const it = (name: string, run: (bench: Bench) => Promise<void>): void => {
    test(`${adapter.name}: ${name}`, async () => {
      const clock = new WatchedClock();
      const service = await adapter.listen();
      const stt = await adapter.create(service, clock);
      try {
        await within(20_000, name, run({ service, stt, clock }));
      } finally {
        await stt.close();
        await service.close();
      }
    });
  };

  /** What was said until the caller's turn was over. */
  const takeTurn = async (stt: SpeechToText, caller: SttCaller, turns = 1): Promise<string> => {
    if (stt.turnTaking === 'own') await caller.heard('turn-ended', turns);
    return caller.take();
  };

  const isQuiet = async ({ service, clock }: Bench, caller: SttCaller): Promise<void> => {
    const events = caller.events.length;
    // The goodbye of a socket may be waited for, which the service answers at once; nothing else is over so soon.
    await eventually(500, 'no timer is left', () => clock.pending === 0, 5);
    await eventually(5000, 'no connection is left', () => service.openConnections === 0, 5);
    assert.is(clock.pending, 0);
    assert.is(caller.events.length, events, 'nothing is told any more');
  };

  it('words come in their order, and once', async ({ service, stt }) => {
    service.says.push('I would like a table', 'for two people');
    const caller = await SttCaller.open(stt);
    caller.listen(400);
    caller.say();
    assert.is(await takeTurn(stt, caller), 'I would like a table');
    caller.say();
    assert.is(await takeTurn(stt, caller, 2), 'for two people');
    assert.equal(service.violations, []);
    caller.session.close();
  });

  it('what was said since the last time is given as one text', async ({ service, stt }) => {
    service.says.push('first', 'second', 'third');
    const caller = await SttCaller.open(stt);
    for (let i = 0; i < 3; i += 1) {
      caller.say(600);
      await eventually(5000, 'the service has heard it', () => service.says.length === 2 - i, 2);
    }
    assert.is(await takeTurn(stt, caller, 3), 'first second third');
    caller.session.close();
  });

  it('words are given once: a second time there are none', async ({ service, stt }) => {
    service.says.push('hello there');
    const caller = await SttCaller.open(stt);
    caller.say();
    assert.is(await takeTurn(stt, caller), 'hello there');
    assert.is(await caller.take(), '');
    caller.session.close();
  });

  it('who asks twice at once gets the words once, and the first gets them', async ({ service, stt }) => {
    service.says.push('hello there');
    const caller = await SttCaller.open(stt);
    caller.say();
    if (stt.turnTaking === 'own') await caller.heard('turn-ended');
    assert.equal(await Promise.all([caller.take(), caller.take()]), ['hello there', '']);
    caller.session.close();
  });

  it('a caller who said nothing has said nothing', async ({ service, stt }) => {
    service.says.push('never');
    const caller = await SttCaller.open(stt);
    caller.listen(3000);
    assert.is(await caller.take(), '');
    assert.is(caller.count('turn-ended'), 0);
    assert.equal(service.violations, []);
    caller.session.close();
  });

  it('a noise that holds no words gives none', async ({ stt }) => {
    const caller = await SttCaller.open(stt);
    caller.say(500);
    assert.is(await caller.take(), '');
    caller.session.close();
  });

  it('every format that it says it takes is understood', async ({ service, stt }) => {
    for (const input of stt.inputs) {
      service.says.push('the same');
      const caller = await SttCaller.open(stt, { input, language: 'en' });
      caller.say();
      assert.is(await takeTurn(stt, caller), 'the same', `${input.encoding} ${input.rateHz}`);
      caller.session.close();
    }
    assert.equal(service.violations, []);
  });

  it('calls do not hear each other', async ({ service, stt }) => {
    const [one, two] = [await SttCaller.open(stt), await SttCaller.open(stt)];
    service.says.push('of one');
    one.say();
    assert.is(await takeTurn(stt, one), 'of one');
    service.says.push('of two');
    two.say();
    assert.is(await takeTurn(stt, two), 'of two');
    assert.is(await one.take(), '');
    one.session.close();
    assert.is(two.failure, undefined);
    two.session.close();
  });

  it('the audio that was recognised is accounted for', async ({ service, stt }) => {
    service.says.push('hello there');
    const caller = await SttCaller.open(stt);
    caller.say(2000);
    await takeTurn(stt, caller);
    const seconds = caller.used('stt_seconds');
    assert.ok(caller.used('stt_tokens') > 0 || (seconds >= 1.6 && seconds <= 3), `${seconds} s`);
    caller.session.close();
  });

  for (const { name, reach } of states) {
    it(`a session can be closed ${name}, twice too, and nothing of it stays`, async (bench) => {
      bench.service.says.push('hello there', 'again');
      const caller = await SttCaller.open(bench.stt);
      await reach(caller);
      caller.session.close();
      caller.session.close();
      await isQuiet(bench, caller);
      caller.say();
      assert.is(await caller.take(), '');
      await isQuiet(bench, caller);
      assert.is(caller.count('failed'), 0);
    });

    it(`a call can end ${name}, and nothing of its session stays`, async (bench) => {
      bench.service.says.push('hello there', 'again');
      const caller = await SttCaller.open(bench.stt);
      await reach(caller);
      caller.hangUp();
      await isQuiet(bench, caller);
      assert.is(await caller.take(), '');
      caller.session.close();
      await isQuiet(bench, caller);
      assert.is(caller.count('failed'), 0);
    });
  }

  it('whoever waits for words when the session is closed is let go', async ({ service, stt }) => {
    service.says.push('hello there');
    const caller = await SttCaller.open(stt);
    caller.speak(700);
    const taken = caller.take();
    caller.session.close();
    assert.type(await taken, 'string');
  });

  it('a service that is lost turns away whoever takes words, in words that repeat none', async (bench) => {
    const { service, stt } = bench;
    service.says.push('secret words');
    const caller = await SttCaller.open(stt);
    caller.listen(400);
    service.fault = { type: 'refuse' };
    service.dropAll();
    if (adapter.hasConnection) await caller.heard('failed');
    caller.say();
    const error = await rejectionOf(caller.take());
    assert.instance(error, ProviderError);
    assert.match(error.code, /^TP_ERR_PROVIDER_(LOST|CONNECT)$/);
    assert.ok((error as ProviderError).isRetryable);
    if (adapter.hasConnection) assert.is(caller.count('failed'), 1, 'it is told once');
    assert.not.match(JSON.stringify(caller.events) + error.message, /secret/);
    caller.session.close();
    await isQuiet(bench, caller);
  });

  for (const [fault, code] of [
    [{ type: 'status', status: 401 }, 'TP_ERR_PROVIDER_REFUSED'],
    [{ type: 'status', status: 400 }, 'TP_ERR_PROVIDER_REQUEST'],
    [{ type: 'status', status: 429, retryAfterS: 7 }, 'TP_ERR_PROVIDER_BUSY'],
    [{ type: 'status', status: 500 }, 'TP_ERR_PROVIDER_CONNECT'],
    [{ type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT'],
  ] as const satisfies readonly (readonly [Fault, string])[]) {
    const what = fault.type === 'status' ? `answers with status ${fault.status}` : 'refuses connections';
    it(`a probe of a service that ${what} says so`, async (bench) => {
      bench.service.fault = fault;
      const error = await rejectionOf(bench.stt.probe?.(new AbortController().signal));
      assert.is(error.code, code, error.message);
      await eventually(500, 'no timer is left', () => bench.clock.pending === 0, 5);
      assert.not.match(error.message, /key/);
    });
  }

  it('a probe of a service that is there says so, and leaves nothing', async ({ service, stt, clock }) => {
    await stt.probe?.(new AbortController().signal);
    await eventually(5000, 'no connection is left', () => service.openConnections === 0, 5);
    await eventually(5000, 'no timer is left', () => clock.pending === 0, 5);
    assert.equal(service.violations, []);
  });

  it('a probe of a service that does not answer ends when it is called off', async ({ service, stt, clock }) => {
    service.fault = { type: 'hang' };
    const abort = new AbortController();
    const probed = rejectionOf(stt.probe?.(abort.signal));
    await eventually(5000, 'a connection', () => service.openConnections > 0, 2);
    abort.abort();
    assert.instance(await within(1000, 'the end of the probe', probed), ProviderError);
    assert.is(clock.pending, 0);
    if (adapter.hasConnection) await eventually(2000, 'no connection is left', () => service.openConnections === 0, 5);
  });
}
