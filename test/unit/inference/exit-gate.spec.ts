import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ExitGate } from '#talkpath/inference/exit-gate.js';

const soon = (): Promise<string> => new Promise((resolve) => setImmediate(() => resolve('nothing yet')));

test('work passes an open gate, one piece after the other', async () => {
  const gate = new ExitGate();
  assert.is(await gate.pass(async () => 'one'), 'one');
  assert.is(await gate.pass(async () => 'two'), 'two');
});

test('work that fails leaves the gate open', async () => {
  const gate = new ExitGate();
  try {
    await gate.pass(async () => {
      throw new Error('no');
    });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'no');
  }
  assert.is(await gate.pass(async () => 'yes'), 'yes');
});

test('once the process is ending, no work begins on either side', async () => {
  const ours = new ExitGate();
  const theirs = new ExitGate(ours.memory);
  ours.close(1000);
  let began = false;
  const outcome = theirs.pass(async () => {
    began = true;
  });
  assert.is(await Promise.race([outcome, soon()]), 'nothing yet');
  assert.not(began);
});

test('the end waits for the work under way, and not for ever', async () => {
  const gate = new ExitGate();
  let finish = (): void => {};
  const work = gate.pass(() => new Promise<void>((resolve) => (finish = resolve)));
  const startedMs = performance.now();
  gate.close(30);
  assert.ok(performance.now() - startedMs >= 25);
  finish();
  await work;
});

test.run();
