import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GuardedProvider } from '#talkpath/providers/guard/guarded-provider.js';
import { HealthWatch } from '#talkpath/providers/guard/health-watch.js';
import { Ladder } from '#talkpath/providers/guard/ladder.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { ProviderBoard } from '#talkpath/providers/provider-board.js';
import { settled } from '../../../support/call-bench.js';
import { FakeSessionProvider } from '../../../support/fake-session-provider.js';
import { ManualClock } from '../../../support/manual-clock.js';

function bench(everyS = 30) {
  const clock = new ManualClock();
  const provider = new FakeSessionProvider();
  provider.probing = async () => {};
  const switches = { off: false };
  const guard = new GuardedProvider(provider, { limits: undefined, clock, budgets: undefined, isOff: () => switches.off });
  const health = new HealthWatch(clock, everyS);
  const board = new ProviderBoard({
    types: { cloud: 'openai-realtime', other: 'echo' },
    guardOf: (name) => (name === 'cloud' ? guard : undefined),
    isOff: (name) => name === 'cloud' && switches.off,
    health,
    clock,
  });
  /** So many seconds, in which what is asked can answer. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1000);
      await settled();
    }
  };
  return { clock, provider, guard, health, board, switches, pass };
}

test('a service is asked at once and then again and again, and what it answers is known', async () => {
  const { clock, provider, guard, health, board, pass } = bench();
  health.watch(guard);
  await settled();
  assert.equal(board.statusOf('cloud').probe, { works: true, agoMs: 0, tookMs: 0, code: undefined });
  assert.is(board.conditionOf('cloud'), 'works');
  provider.probing = () => Promise.reject(new ProviderError('TP_ERR_PROVIDER_REFUSED', 'no such key'));
  await pass(34);
  assert.is(board.statusOf('cloud').probe?.code, 'TP_ERR_PROVIDER_REFUSED');
  assert.is(board.conditionOf('cloud'), 'fails');
  provider.probing = async () => {};
  await pass(34);
  assert.is(board.conditionOf('cloud'), 'works');
  health.stop();
  assert.is(clock.pending, 0);
});

test('a service that does not answer its probe does not work', async () => {
  const { clock, provider, guard, health, board } = bench();
  provider.probing = () => new Promise((_, reject) => clock.after(5001, () => reject(new Error('late'))));
  health.watch(guard);
  clock.advance(5001);
  await settled();
  assert.is(board.statusOf('cloud').probe?.code, 'TP_ERR_PROVIDER_TIMEOUT');
  health.stop();
});

test('a probe that never ends is given up, and the service is asked again', async () => {
  const { provider, guard, health, board, pass } = bench();
  provider.probing = () => new Promise(() => {});
  health.watch(guard);
  await pass(6);
  assert.is(board.statusOf('cloud').probe?.code, 'TP_ERR_PROVIDER_TIMEOUT');
  provider.probing = async () => {};
  await pass(34);
  assert.is(board.conditionOf('cloud'), 'works');
  health.stop();
});

test('with 0 nobody is asked', async () => {
  const { clock, guard, health, board } = bench(0);
  health.watch(guard);
  await settled();
  assert.is(board.statusOf('cloud').probe, undefined);
  assert.is(board.conditionOf('cloud'), 'works');
  assert.is(clock.pending, 0);
});

test('the level is that of the first provider that works', () => {
  const { board, switches } = bench();
  assert.is(board.levelOf(['cloud', 'other']), 0);
  switches.off = true;
  assert.is(board.conditionOf('cloud'), 'off');
  assert.is(board.levelOf(['cloud', 'other']), 2, 'of one that was never made nothing is known');
  assert.is(board.conditionOf('other'), 'missing');
});

test('calls begin where the operator says, if their chain has it', () => {
  const ladder = new Ladder();
  assert.not(ladder.holdsBack(['a', 'b', 'c'], 0));
  ladder.set('b');
  assert.equal(
    [0, 1, 2].map((level) => ladder.holdsBack(['a', 'b', 'c'], level)),
    [true, false, false],
  );
  assert.not(ladder.holdsBack(['a', 'c'], 0));
  ladder.set(undefined);
  assert.not(ladder.holdsBack(['a', 'b', 'c'], 0));
});

test.run();
