import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outcome } from '../support/package.js';
import { projectFolder } from '../support/project.js';

const test = suite('memory of talkpath/dsp');

/** Runs a program in a process of its own, with a file beside it for its workers. */
async function run(program: string, worker = ''): Promise<string> {
  const folder = mkdtempSync(join(projectFolder, 'build/memory-'));
  try {
    writeFileSync(join(folder, 'program.mjs'), program);
    writeFileSync(join(folder, 'worker.mjs'), worker);
    const result = await outcome(process.execPath, [join(folder, 'program.mjs')], { env: { ...process.env, FORCE_COLOR: '0' } });
    assert.is(result.code, 0, result.output);
    return result.output.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes and uses `count` of each class; prints the resident megabytes after each of four quarters. */
const churn = (count: number, closing: boolean): string => `
import { EchoCanceller, NoiseSuppressor, Resampler, VoiceDetector } from 'talkpath/dsp';
const block = new Int16Array(160);
const makers = [
  () => new Resampler({ inputRateHz: 16000, outputRateHz: 8000 }),
  () => new Resampler({ inputRateHz: 16000, outputRateHz: 8000, quality: 'recording' }),
  () => new NoiseSuppressor({ sampleRateHz: 16000 }),
  () => new VoiceDetector({ sampleRateHz: 16000 }),
  () => new EchoCanceller({ sampleRateHz: 16000, noiseSuppression: 'low' }),
];
const residentMb = [];
for (let quarter = 0; quarter < 4; quarter++) {
  for (let made = 0; made < ${count / 4}; made++) {
    for (const make of makers) {
      const object = make();
      object.process(block, block.slice());
      if (${closing}) object.close();
    }
    // Native memory of what the garbage collector has found is freed between two turns of the event loop.
    if (made % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  residentMb.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
}
console.log(JSON.stringify(residentMb));
`;

for (const [how, closing, count] of [
  ['closed', true, 2000],
  ['left to the garbage collector', false, 2000],
] as const) {
  test(`${5 * count} objects that are ${how} leave no memory behind`, async () => {
    const [first = 0, second = 0, third = 0, last = 0] = JSON.parse(await run(churn(count, closing))) as number[];
    console.log(`  resident: ${first}, ${second}, ${third}, ${last} MB`);
    // What stayed of each canceller would be 700 MB by the second half, of each live resampler 25. That the garbage
    // collector comes in time, with nobody asking, shows that it was told how much the objects hold.
    assert.ok(last - second < 20, `${second} MB after half of them, ${last} MB after all`);
    assert.ok(last < 400, `${last} MB`);
  });
}

test('cancellers that nobody closes are collected in time, as the garbage collector knows what they hold', async () => {
  const output = await run(`
    import { EchoCanceller } from 'talkpath/dsp';
    let mostBytes = 0;
    for (let made = 0; made < 3000; made++) {
      new EchoCanceller({ sampleRateHz: 16000 });
      if (made % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
    }
    console.log(String(mostBytes));`);
  // Untold, it lets 500 MB of them lie about.
  assert.ok(Number(output) < 250e6, `${output} bytes`);
});

test('worker threads process at the same time, each its own', async () => {
  const output = await run(
    `import { Worker } from 'node:worker_threads';
     const heard = (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
     const digests = await Promise.all(Array.from({ length: 6 }, () => heard(new Worker(new URL('worker.mjs', import.meta.url)))));
     console.log(String(new Set(digests).size), String(digests.length));`,
    `import { createHash } from 'node:crypto';
     import { parentPort } from 'node:worker_threads';
     import { EchoCanceller, Resampler } from 'talkpath/dsp';
     const hash = createHash('sha256');
     const resampler = new Resampler({ inputRateHz: 8000, outputRateHz: 16000 });
     const canceller = new EchoCanceller({ sampleRateHz: 16000 });
     for (let n = 0; n < 400; n++) {
       const block = resampler.process(Int16Array.from({ length: 80 }, (_, i) => (((n * 80 + i) * 7919) % 20011) - 10000));
       hash.update(canceller.process(block, block));
     }
     parentPort.postMessage(hash.digest('hex'));`,
  );
  assert.is(output, '1 6');
});

test('a worker that is ended in the middle of its work takes nobody with it', async () => {
  const output = await run(
    `import { setTimeout as pause } from 'node:timers/promises';
     import { Worker } from 'node:worker_threads';
     import { Resampler } from 'talkpath/dsp';
     for (let round = 0; round < 10; round++) {
       const worker = new Worker(new URL('worker.mjs', import.meta.url));
       await new Promise((resolve) => worker.once('message', resolve));
       await pause(5 * round);
       await worker.terminate();
     }
     console.log(String(new Resampler({ inputRateHz: 8000, outputRateHz: 16000 }).process(new Int16Array(80)).length));`,
    `import { parentPort } from 'node:worker_threads';
     import { EchoCanceller, Resampler } from 'talkpath/dsp';
     const block = new Int16Array(160);
     const objects = [];
     parentPort.postMessage('working');
     for (;;) {
       objects.push(new EchoCanceller({ sampleRateHz: 16000 }));
       const recording = new Resampler({ inputRateHz: 8000, outputRateHz: 48000, quality: 'recording' });
       for (const canceller of objects) recording.process(canceller.process(block, block));
       if (objects.length > 20) objects.length = 0;
     }`,
  );
  assert.is(output, '160');
});

test('a worker that is ended while it makes an object takes nobody with it, however often', async () => {
  const output = await run(
    `import { Worker } from 'node:worker_threads';
     const pause = (ms) => { for (const until = performance.now() + ms; performance.now() < until; ); };
     for (let round = 0; round < 150; round++) {
       const made = new Int32Array(new SharedArrayBuffer(4));
       const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: made });
       while (Atomics.load(made, 0) < 20) await new Promise((resolve) => setImmediate(resolve));
       const at = Atomics.load(made, 0);
       while (Atomics.load(made, 0) === at); // a constructor has just begun
       pause((round % 10) / 25);
       await worker.terminate();
     }
     console.log('all ended');`,
    `import { workerData } from 'node:worker_threads';
     import { EchoCanceller } from 'talkpath/dsp';
     for (;;) {
       Atomics.add(workerData, 0, 1);
       new EchoCanceller({ sampleRateHz: 8000 }).close();
     }`,
  );
  assert.is(output, 'all ended');
});

test('an array whose memory is shared with the input by way of another buffer is refused as an output', async () => {
  const output = await run(`
    import { g711 } from 'talkpath/dsp';
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    const codes = new Uint8Array(memory.buffer, 0, 100);
    memory.grow(1);
    const samples = (from) => new Int16Array(memory.buffer, from, 100);
    g711.decodeMulaw(codes, samples(100));
    try {
      g711.decodeMulaw(codes, samples(98));
    } catch (error) {
      console.log(error.code);
    }`);
  assert.is(output, 'TP_ERR_DSP_RANGE');
});

test('an engine ends with the thread that started it, and another may be started', async () => {
  const output = await run(
    `import { Worker } from 'node:worker_threads';
     for (let round = 0; round < 3; round++) {
       const worker = new Worker(new URL('worker.mjs', import.meta.url));
       console.log(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)));
       await worker.terminate();
     }
     process.exit(0);`,
    `import { parentPort } from 'node:worker_threads';
     import { parseSettings, silentLog, startServer } from 'talkpath';
     const settings = parseSettings('audiosocket: {port: 0}\\nadmin: {port: 0}\\ndefault_provider: echo', 'test');
     await startServer(settings, silentLog);
     parentPort.postMessage('started');`,
  );
  assert.is(output, 'started\nstarted\nstarted');
});

test.run();
