import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outcome } from '../support/package.js';
import { projectFolder } from '../support/project.js';

const test = suite('recordings of hours, given to talkpath/dsp at once');

/** What a program prints that may have 12 GB of addresses and no more. */
async function printed(program: string): Promise<string> {
  const folder = mkdtempSync(join(projectFolder, 'build/huge-'));
  try {
    const file = join(folder, 'program.mjs');
    writeFileSync(file, `import { convertRate, Resampler } from 'talkpath/dsp';\n${program}`);
    const { code, output } = await outcome('/bin/sh', ['-c', 'ulimit -v 12000000; exec "$0" "$1"', process.execPath, file]);
    assert.is(code, 0, output);
    return output.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('what would become more than memory holds is refused, and the process lives', async () => {
  const output = await printed(`
    const told = (action) => { try { action(); } catch ({ name, code, message }) { console.log(name, code, message); } };
    told(() => convertRate(new Int16Array(2 ** 25), 1000, 384000));
    told(() => new Resampler({ inputRateHz: 8000, outputRateHz: 192000 }).process(new Int16Array(2 ** 29)));
    told(() => new Resampler({ inputRateHz: 1000, outputRateHz: 384000, quality: 'recording' }).process(new Int16Array(2 ** 25)));`);
  const refusal = (samples: number): string =>
    `RangeError TP_ERR_DSP_RANGE Expected input whose output there is memory for but received one that becomes ${samples} samples: give it in pieces`;
  assert.equal(output.split('\n'), [2 ** 25 * 384, 2 ** 29 * 24, 2 ** 25 * 384 + 2].map(refusal));
});

test('it takes no memory besides its own and that of what it becomes', async () => {
  for (const convert of [
    'convertRate(recording, 24000, 8000)',
    "new Resampler({ inputRateHz: 24000, outputRateHz: 8000, quality: 'recording' }).process(recording, new Int16Array(2 ** 23))",
  ]) {
    const mb = await printed(`
      const recording = new Int16Array(2 ** 24).fill(1000);
      convertRate(recording.subarray(0, 1000), 24000, 8000);
      const before = process.resourceUsage().maxRSS;
      const { length } = ${convert};
      console.log(String((process.resourceUsage().maxRSS - before) / 1000 - (length * 2) / 1e6));`);
    assert.ok(Number(mb) < 16, `${convert}: ${mb} MB`);
  }
});

test.run();
