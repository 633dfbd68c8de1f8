import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/library-program.js';

const test = suite('threads that are ended');

test('a worker that is ended in the middle of its work takes nobody with it', async () => {
  const output = await runProgram(
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
  const output = await runProgram(
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

test('an engine ends with the thread that started it, and another may be started', async () => {
  const output = await runProgram(
    `import { Worker } from 'node:worker_threads';
     for (let round = 0; round < 3; round++) {
       const worker = new Worker(new URL('worker.mjs', import.meta.url));
       console.log(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)));
       await worker.terminate();
     }`,
    `import { parentPort } from 'node:worker_threads';
     import { parseSettings, silentLog, startServer } from 'talkpath';
     const settings = parseSettings('audiosocket: {port: 0}\\nadmin: {port: 0}\\ndefault_provider: echo', 'test');
     await startServer(settings, silentLog);
     parentPort.postMessage('started');`,
  );
  assert.is(output, 'started\nstarted\nstarted');
});

test.run();
