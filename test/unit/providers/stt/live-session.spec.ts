import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LiveSession } from '#talkpath/providers/cascade/stt/live-session.js';
import type { SttEvent } from '#talkpath/providers/cascade/stt/stt.js';
import { Takes } from '#talkpath/providers/cascade/stt/takes.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { rejectionOf } from '../../../support/rejection.js';

/** A session whose service does what the test says. */
class TestSession extends LiveSession {
  readonly sent: number[] = [];
  released = 0;

  constructor(signal: AbortSignal, on: (event: SttEvent) => void) {
    super({ input: { encoding: 'mulaw', rateHz: 8000 }, language: undefined, signal, on }, new Takes(new ManualClock(), 1000));
  }

  tell(text: string): void {
    this.emit({ type: 'partial', text });
  }

  lose(): void {
    this.fail(new ProviderError('TP_ERR_PROVIDER_LOST', 'lost'));
  }

  protected override send(audio: Uint8Array): void {
    this.sent.push(audio.byteLength);
  }

  protected override takeWords(): Promise<string> {
    return this.takes.wait({ isReady: () => false, words: () => '', late: () => 'late' });
  }

  protected override release(): void {
    this.released += 1;
  }
}

function opened() {
  const call = new AbortController();
  const events: SttEvent[] = [];
  return { call, events, session: new TestSession(call.signal, (event) => events.push(event)) };
}

const frame = new Uint8Array(160);

for (const [how, end] of [
  ['is closed', ({ session }: ReturnType<typeof opened>) => session.close()],
  ['ends with its call', ({ call }: ReturnType<typeof opened>) => call.abort()],
] as const) {
  test(`a session that ${how} lets go whoever waits, gives back what it holds, and is silent`, async () => {
    const bench = opened();
    const { session, events, call } = bench;
    session.push(frame, false);
    const taken = session.take();
    end(bench);
    assert.is(await taken, '');
    assert.is(session.released, 1);
    session.push(frame, false);
    session.tell('too late');
    session.lose();
    session.close();
    call.abort();
    assert.is(await session.take(), '');
    assert.equal(session.sent, [160]);
    assert.equal(events, []);
    assert.is(session.released, 1);
  });
}

test('a session that is lost tells it once, and turns away whoever takes words', async () => {
  const { session, events, call } = opened();
  const waiting = rejectionOf(session.take());
  session.lose();
  session.lose();
  session.tell('too late');
  session.push(frame, false);
  assert.is((await waiting).message, 'lost');
  assert.is((await rejectionOf(session.take())).message, 'lost');
  assert.equal(
    events.map(({ type }) => type),
    ['failed'],
  );
  assert.equal(session.sent, []);
  assert.is(session.released, 1);
  call.abort();
  session.close();
  assert.is(session.released, 1);
});

test('whoever hears of the loss and closes the session is not told anything more', async () => {
  const call = new AbortController();
  const heard: string[] = [];
  const session: TestSession = new TestSession(call.signal, (event) => {
    session.close();
    heard.push(event.type);
  });
  session.lose();
  assert.equal(heard, ['failed']);
  assert.is(session.released, 1);
});

test.run();
