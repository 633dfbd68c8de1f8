import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/library-program.js';

const test = suite('memory of talkpath/dsp');

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
    const [first = 0, second = 0, third = 0, last = 0] = JSON.parse(await runProgram(churn(count, closing))) as number[];
    console.log(`  resident: ${first}, ${second}, ${third}, ${last} MB`);
    // What stayed of each canceller would be 700 MB by the second half, of each live resampler 25. That the garbage
    // collector comes in time, with nobody asking, shows that it was told how much the objects hold.
    assert.ok(last - second < 20, `${second} MB after half of them, ${last} MB after all`);
    assert.ok(last < 400, `${last} MB`);
  });
}

test('cancellers that nobody closes are collected in time, as the garbage collector knows what they hold', async () => {
  const output = await runProgram(`
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
  const output = await runProgram(
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

test('an array whose memory is shared with the input by way of another buffer is refused as an output', async () => {
  const output = await runProgram(`
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

test.run();
