import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { silentLog } from '#talkpath/base/log.js';
import { endUnknown } from '#talkpath/providers/provider.js';
import type { Ending, Wish } from '#talkpath/tools/attempts.js';
import { type Effect, effectOf } from '#talkpath/tools/effect.js';
import { type Deed, Effects } from '#talkpath/tools/effects.js';
import { Journal } from '#talkpath/tools/journal.js';
import { KeptAnswers } from '#talkpath/tools/kept-answers.js';
import type { ToolResult } from '#talkpath/tools/tool.js';
import { eventually, within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

/** What is carried out, and how it is to end. */
class Deeds {
  readonly begun: { effect: Effect; wish: Wish; end: (ending: Ending | Error) => void }[] = [];

  of(args: object, oncePer: 'call' | 'arguments' = 'arguments', isSafeToRepeat = false): Deed {
    const effect = effectOf('call', 'book', { ...args }, oncePer);
    const carryOut = (wish: Wish): Promise<Ending> =>
      new Promise((resolve, reject) => {
        this.begun.push({ effect, wish, end: (ending) => (ending instanceof Error ? reject(ending) : resolve(ending)) });
      });
    return { effect, isSafeToRepeat, carryOut };
  }

  /** The deed that was begun as the n-th. */
  async nth(n: number): Promise<(typeof this.begun)[number]> {
    return eventually(2000, `deed ${n} is begun`, () => this.begun[n - 1], 1);
  }
}

interface Bench {
  folder: string;
  clock: ManualClock;
  deeds: Deeds;
  effects: Effects;
  answers: KeptAnswers;
  all: { close(): Promise<void> }[];
  errors: object[];
}

const test = suite<Bench>('effects');
test.before.each((bench) => {
  bench.folder = mkdtempSync(join(tmpdir(), 'talkpath-effects-'));
  bench.clock = new ManualClock();
  bench.deeds = new Deeds();
  bench.all = [];
  bench.errors = [];
  restart(bench);
});
test.after.each(async ({ folder, all }) => {
  for (const one of all) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a process has that starts after the one before it was killed. */
function restart(bench: Bench): void {
  const log = { ...silentLog, error: (fields: object) => void bench.errors.push(fields) };
  bench.answers = new KeptAnswers(bench.clock);
  const journal = new Journal(bench.folder, bench.clock, log);
  bench.effects = new Effects(journal, bench.answers, log);
  bench.all.push(bench.effects, journal);
}

const open = (): AbortSignal => new AbortController().signal;
const run = ({ effects }: Bench, deed: Deed, signal = open()): Promise<ToolResult> => within(3000, 'the tool answers', effects.run(deed, signal));
const done: Ending = { type: 'answered', status: 200, text: 'booked for four' };
const refused: Ending = { type: 'refused', why: 'status 409' };
const notDone: Ending = { type: 'not-done', why: 'ECONNREFUSED', waitMs: 0 };
const unknown: Ending = { type: 'unknown', why: 'status 500', mayHelpToRepeat: true };

/** Runs a deed that ends so. */
async function runs(bench: Bench, deed: Deed, ending: Ending | Error): Promise<ToolResult> {
  const result = run(bench, deed);
  (await bench.deeds.nth(bench.deeds.begun.length + 1)).end(ending);
  return result;
}

test('who asks for what is at work, or done, and does not wait, is not told that nothing was done', async (bench) => {
  const deed = bench.deeds.of({ a: 1 });
  const first = run(bench, deed);
  await bench.deeds.nth(1);
  assert.is((await run(bench, deed, AbortSignal.abort())).text, endUnknown);
  bench.deeds.begun[0]?.end(done);
  await first;
  assert.is((await run(bench, deed, AbortSignal.abort())).text, endUnknown);
  assert.match((await run(bench, bench.deeds.of({ a: 2 }), AbortSignal.abort())).text, 'Nothing was done');
});

test('what was done is answered again without being done again', async (bench) => {
  assert.equal(await runs(bench, bench.deeds.of({ a: 1 }), done), {
    outcome: 'answered',
    why: 'status 200',
    text: 'booked for four',
    isSpokenOf: true,
  });
  const again = await run(bench, bench.deeds.of({ a: 1 }));
  assert.equal([again.outcome, again.text, again.isSpokenOf], ['repeated', 'booked for four', true]);
  assert.is(bench.deeds.begun.length, 1);
});

test('after a restart the model is told that it was done, and it is not done again', async (bench) => {
  await runs(bench, bench.deeds.of({ a: 1 }), done);
  restart(bench);
  const again = await run(bench, bench.deeds.of({ a: 1 }));
  assert.equal([again.outcome, again.isSpokenOf], ['repeated', true]);
  assert.match(again.text, /^This was already done, and is not done again\./);
  assert.is(bench.deeds.begun.length, 1);
});

test('other arguments are another effect', async (bench) => {
  await runs(bench, bench.deeds.of({ a: 1 }), done);
  assert.is((await runs(bench, bench.deeds.of({ a: 2 }), done)).outcome, 'answered');
});

test('what a receiver refused is not asked of it again', async (bench) => {
  const first = await runs(bench, bench.deeds.of({ a: 1 }), refused);
  assert.equal([first.outcome, first.text], ['refused', 'Nothing was done: it was refused with status 409.']);
  assert.equal((await run(bench, bench.deeds.of({ a: 1 }))).text, first.text);
  restart(bench);
  assert.match((await run(bench, bench.deeds.of({ a: 1 }))).text, /^This was already asked for, and refused\./);
  assert.is(bench.deeds.begun.length, 1);
});

test('what cannot have happened may be tried again, after a restart too', async (bench) => {
  assert.is((await runs(bench, bench.deeds.of({ a: 1 }), notDone)).outcome, 'not-done');
  assert.is((await runs(bench, bench.deeds.of({ a: 1 }), notDone)).outcome, 'not-done');
  restart(bench);
  assert.is((await runs(bench, bench.deeds.of({ a: 1 }), done)).outcome, 'answered');
});

test('what may have happened is not done again: a person must check', async (bench) => {
  const first = await runs(bench, bench.deeds.of({ a: 1 }), unknown);
  assert.equal([first.outcome, first.why, first.isSpokenOf], ['unknown', 'status 500', true]);
  assert.match(first.text, 'It is not known whether this was done (status 500); a person must check.');
  for (let i = 0; i < 2; i += 1) {
    const again = await run(bench, bench.deeds.of({ a: 1 }));
    assert.equal([again.outcome, again.isSpokenOf], ['unknown', true]);
    assert.match(again.text, 'It is not known whether this was done (it was begun before); a person must check.');
    restart(bench);
  }
  assert.is(bench.deeds.begun.length, 1);
});

test('what may have happened is done again where that is safe, with the same key', async (bench) => {
  await runs(bench, bench.deeds.of({ a: 1 }, 'arguments', true), unknown);
  restart(bench);
  assert.is((await runs(bench, bench.deeds.of({ a: 1 }, 'arguments', true), done)).outcome, 'answered');
  const [first, second] = bench.deeds.begun;
  assert.is(first?.effect.key, second?.effect.key);
});

test('after what may have happened a refusal, or a connection that failed, says nothing', async (bench) => {
  const deed = bench.deeds.of({ a: 1 }, 'arguments', true);
  await runs(bench, deed, unknown);
  for (const ending of [refused, notDone, { type: 'called-off' } as const]) {
    assert.is((await runs(bench, deed, ending)).outcome, 'unknown');
    restart(bench);
  }
  assert.is((await run(bench, { ...deed, isSafeToRepeat: false })).outcome, 'unknown');
});

test('a process that was killed in the middle leaves it unknown', async (bench) => {
  const lost = bench.effects.run(bench.deeds.of({ a: 1 }), open());
  await bench.deeds.nth(1);
  restart(bench);
  assert.is((await run(bench, bench.deeds.of({ a: 1 }))).outcome, 'unknown');
  (await bench.deeds.nth(1)).end(done);
  await lost;
});

test('two at once are one request, and both get its answer', async (bench) => {
  const deed = bench.deeds.of({ a: 1 });
  const both = [run(bench, deed), run(bench, deed), run(bench, deed)];
  (await bench.deeds.nth(1)).end(done);
  const results = await Promise.all(both);
  assert.equal(
    results.map(({ text }) => text),
    Array.from({ length: 3 }, () => 'booked for four'),
  );
  assert.equal(results.map(({ outcome }) => outcome).sort(), ['answered', 'repeated', 'repeated']);
  assert.is(bench.deeds.begun.length, 1);
});

test('once a call means once, whatever the arguments', async (bench) => {
  await runs(bench, bench.deeds.of({ a: 1 }, 'call'), done);
  const again = await run(bench, bench.deeds.of({ a: 2 }, 'call'));
  assert.is(
    again.text,
    'Nothing was done: this is done once in a call, and was already done with other arguments. The answer then was: booked for four',
  );
  restart(bench);
  assert.match((await run(bench, bench.deeds.of({ a: 2 }, 'call'))).text, /already done with other arguments\.$/);
  assert.is(bench.deeds.begun.length, 1);
});

test('a refusal does not use up the one time of a call, and the next try has another key', async (bench) => {
  await runs(bench, bench.deeds.of({ a: 1 }, 'call'), refused);
  assert.is((await run(bench, bench.deeds.of({ a: 1 }, 'call'))).outcome, 'repeated');
  assert.is((await runs(bench, bench.deeds.of({ a: 2 }, 'call'), done)).outcome, 'answered');
  assert.is.not(bench.deeds.begun[0]?.effect.key, bench.deeds.begun[1]?.effect.key);
  assert.is((await run(bench, bench.deeds.of({ a: 1 }, 'call'))).outcome, 'repeated');
});

test('once a call, what may have happened with other arguments is not tried, even where repeating is safe', async (bench) => {
  await runs(bench, bench.deeds.of({ a: 1 }, 'call', true), unknown);
  assert.is((await run(bench, bench.deeds.of({ a: 2 }, 'call', true))).outcome, 'unknown');
  assert.is(bench.deeds.begun.length, 1);
});

test('once a call, whoever comes with other arguments waits for what is under way', async (bench) => {
  const [first, second] = [run(bench, bench.deeds.of({ a: 1 }, 'call')), run(bench, bench.deeds.of({ a: 2 }, 'call'))];
  (await bench.deeds.nth(1)).end(refused);
  (await bench.deeds.nth(2)).end(done);
  assert.equal([(await first).outcome, (await second).outcome], ['refused', 'answered']);
});

test('whoever leaves is answered at once, and what has begun goes on for the record', async (bench) => {
  const leaving = new AbortController();
  const deed = bench.deeds.of({ a: 1 });
  const result = run(bench, deed, leaving.signal);
  const begun = await bench.deeds.nth(1);
  assert.ok(begun.wish.isWanted());
  leaving.abort();
  const { outcome, isSpokenOf, text } = await result;
  assert.match(text, 'may be done by now');
  assert.equal([outcome, isSpokenOf, begun.wish.isWanted(), begun.wish.closed.aborted], ['called-off', false, false, false]);
  const next = run(bench, deed);
  assert.ok(await eventually(2000, 'it is wanted again', () => begun.wish.isWanted(), 1));
  begun.end(done);
  assert.equal([(await next).text, bench.deeds.begun.length], ['booked for four', 1]);
});

test('nothing is begun for one who has left already', async (bench) => {
  const { outcome, text } = await run(bench, bench.deeds.of({ a: 1 }), AbortSignal.abort());
  assert.is(outcome, 'called-off');
  assert.match(text, /^Nothing was done/);
  assert.is(bench.deeds.begun.length, 0);
});

test('what was called off for one is begun anew for another who came meanwhile', async (bench) => {
  const leaving = new AbortController();
  const deed = bench.deeds.of({ a: 1 });
  const first = run(bench, deed, leaving.signal);
  const begun = await bench.deeds.nth(1);
  leaving.abort();
  await first;
  const second = run(bench, deed);
  begun.end({ type: 'called-off' });
  (await bench.deeds.nth(2)).end(done);
  assert.is((await second).outcome, 'answered');
});

test('closing tells those under way, and nothing begins after it', async (bench) => {
  const result = run(bench, bench.deeds.of({ a: 1 }));
  const begun = await bench.deeds.nth(1);
  const closing = bench.effects.close();
  assert.ok(begun.wish.closed.aborted);
  begun.end(unknown);
  await closing;
  assert.is((await result).outcome, 'unknown');
  assert.is((await run(bench, bench.deeds.of({ b: 1 }))).outcome, 'called-off');
});

test('a fault of the program leaves it unknown, and is logged', async (bench) => {
  const result = await runs(bench, bench.deeds.of({ a: 1 }), new Error('a fault'));
  assert.is(result.outcome, 'unknown');
  assert.equal(bench.errors, [{ callId: 'call', tool: 'book', error: 'a fault' }]);
  assert.is((await run(bench, bench.deeds.of({ a: 1 }))).outcome, 'unknown');
});

test('answers are kept until an hour after the call', async (bench) => {
  await runs(bench, bench.deeds.of({ a: 1 }), done);
  bench.answers.callEnded('call');
  bench.clock.advance(3_599_999);
  assert.is((await run(bench, bench.deeds.of({ a: 1 }))).text, 'booked for four');
  bench.clock.advance(1);
  assert.match((await run(bench, bench.deeds.of({ a: 1 }))).text, 'This was already done');
  assert.is(bench.clock.pending, 0);
});

test('closing the answers leaves no timer', async (bench) => {
  bench.answers.callEnded('one');
  bench.answers.callEnded('one');
  bench.answers.callEnded('two');
  assert.is(bench.clock.pending, 2);
  bench.answers.close();
  assert.is(bench.clock.pending, 0);
});

test.run();
