import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compare, delayOf, echoFigures } from '#benchmarks/dsp/measure/echo-figures.js';
import { echoScene } from '#benchmarks/dsp/measure/echo-scene.js';
import { levelDbfs } from '#benchmarks/dsp/measure/level.js';
import { noise } from '#benchmarks/dsp/measure/signal.js';

/** Speech as far as energy goes: noise that comes and goes. */
function bursts(seed: number): Int16Array {
  return noise(-20, 8000 * 3, seed).map((sample, i) => Math.round(sample * Math.max(0, Math.sin((2 * Math.PI * 2 * i) / 8000))));
}

const scene = echoScene(bursts(3), bursts(4), { delayMs: 100, returnLossDb: 10, seed: 5 });

function near(actual: number | undefined, expected: number, within: number, what: string): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= within, `${what}: expected ${expected} ± ${within} but it is ${actual}`);
}

test('the scene has the return loss that was asked for', () => {
  const [from, to] = scene.single.map((second) => second * 8000) as [number, number];
  near(levelDbfs(scene.farEnd.subarray(from, to)) - levelDbfs(scene.echoAlone.subarray(from + 800, to)), 10, 1.5, 'return loss');
});

test('a canceller that does nothing enhances nothing, never locks and takes nothing of the caller', () => {
  const figures = echoFigures(scene, scene.line);
  for (const [seconds, erleDb] of figures.erle) near(erleDb, 0, 0.5, `at ${seconds} s`);
  assert.is(figures.lockSeconds, undefined);
  near(figures.nearEndLossDb, 0, 0.3, 'near end in double talk');
  near(figures.nearEndAloneLossDb, 0, 0.1, 'near end alone');
  assert.is(figures.delayMs, 0);
});

test('a line that is only made quieter by 30 dB locks at once, and loses the caller as well', () => {
  const figures = echoFigures(
    scene,
    scene.line.map((sample) => Math.round(sample / 31.6)),
  );
  assert.is(figures.lockSeconds, 0);
  near(figures.nearEndLossDb, 30, 0.5, 'near end in double talk');
  near(figures.nearEndAloneLossDb, 30, 0.3, 'near end alone');
});

test('a canceller that works from the fifth second on has locked there', () => {
  const figures = echoFigures(
    scene,
    scene.line.map((sample, i) => (i < 5 * 8000 ? sample : Math.round(scene.nearEndAlone[i] as number))),
  );
  near(figures.lockSeconds, 5, 0.6, 'lock');
  near(figures.nearEndLossDb, 0, 0.1, 'near end in double talk');
  near(figures.residualPeakDbfs, levelDbfs(scene.echoAlone.subarray(8000, 5 * 8000)) + 4, 5, 'the echo of the first seconds');
});

test('a canceller that loses the echo again has locked only when it has found it for good', () => {
  const figures = echoFigures(
    scene,
    scene.line.map((sample, i) => (i % (8 * 8000) < 4 * 8000 && i < 12 * 8000 ? sample : (scene.nearEndAlone[i] as number))),
  );
  near(figures.lockSeconds, 12, 0.8, 'lock');
});

test('a delay of the output is found and forgiven', () => {
  const late = Int16Array.from(scene.nearEndAlone, (_, i) => scene.nearEndAlone[i - 91] ?? 0);
  assert.is(delayOf(scene.nearEndAlone, late, 8000), 91);
  const figures = echoFigures(scene, late);
  near(figures.delayMs, 91 / 8, 0.1, 'delay');
  near(figures.nearEndLossDb, 0, 0.1, 'near end in double talk');
});

test('noise beside the caller is no caller', () => {
  const caller = noise(-20, 16000, 7);
  const hiss = noise(-30, 16000, 9);
  near(
    compare(
      caller,
      caller.map((sample, i) => sample + (hiss[i] as number)),
    ).sdrDb,
    10,
    0.3,
    'ratio',
  );
});

test.run();
