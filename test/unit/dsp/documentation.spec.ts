import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outcome } from '../../support/package.js';
import { projectFolder } from '../../support/project.js';

const documentation = readFileSync(join(projectFolder, 'docs/dsp.md'), 'utf8');

/** Each example with the output that stands after it. */
const examples = [...documentation.matchAll(/^```js\n(.*?)^```\n\n(?:```text\n(.*?)^```)?/gms)].map(([, code = '', output]) => ({ code, output }));

test('every example of docs/dsp.md prints what stands below it', async () => {
  assert.ok(examples.length >= 8);
  // Below the project, where 'talkpath/dsp' means this package.
  const parent = join(projectFolder, 'build');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'examples-'));
  try {
    for (const [index, { code, output }] of examples.entries()) {
      const file = join(folder, `example-${index}.mjs`);
      writeFileSync(file, code);
      const { FORCE_COLOR: _, ...env } = process.env;
      assert.equal(await outcome(process.execPath, [file], { env: { ...env, NO_COLOR: '1' } }), { code: 0, output }, code);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('docs/dsp.md tells of everything that talkpath/dsp exports', async () => {
  for (const name of Object.keys(await import('talkpath/dsp'))) assert.ok(documentation.includes(name), name);
});

test.run();
