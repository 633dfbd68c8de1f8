import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SpeedRecord } from '#talkpath/inference/speed.js';
import { modelFor } from '#talkpath/models/catalogue.js';

const stt = modelFor('stt', 'neural');
const tts = modelFor('tts', 'neural');

const test = suite<{ folder: string; file: string }>('measured speeds');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'talkpath-speeds-'));
  context.file = join(context.folder, 'speech-speeds.json');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

test('a speed that was measured is known to the next process, whatever else is measured at the time', async ({ folder }) => {
  const speeds = new SpeedRecord(folder);
  assert.is(await speeds.read(stt), undefined);
  await speeds.keep(stt, 0.1234);
  await Promise.all([speeds.keep(tts, 0.5), speeds.keep(tts, 0.5)]);
  const next = new SpeedRecord(folder);
  assert.equal([await next.read(stt), await next.read(tts)], [0.123, 0.5]);
  assert.equal(readdirSync(folder), ['speech-speeds.json']);
});

test('a file of speeds that cannot be is measured anew, and written over', async ({ folder, file }) => {
  const speeds = new SpeedRecord(folder);
  await speeds.keep(stt, 1);
  const [key = ''] = Object.keys(JSON.parse(readFileSync(file, 'utf8')));
  for (const value of ['-1', '0', '"fast"', 'null', '1e999', '[1]', '{}']) {
    writeFileSync(file, `{"${key}": ${value}}`);
    assert.is(await speeds.read(stt), undefined, value);
  }
  for (const content of ['', 'NaN', 'null', '"text"', '[1, 2]', '{"a":', '\0\0\0']) {
    writeFileSync(file, content);
    assert.is(await speeds.read(stt), undefined, content);
    await speeds.keep(stt, 0.2);
    assert.is(await speeds.read(stt), 0.2, content);
  }
});

test('where nothing can be written a speed is not kept, and one warning says so', async ({ folder, file }) => {
  const warnings: string[] = [];
  const take = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', take);
  mkdirSync(file);
  await new SpeedRecord(folder).keep(stt, 0.1);
  await new SpeedRecord('/dev/null/below').keep(tts, 0.1);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', take);
  assert.is(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^How fast the speech models run cannot be kept, .*EISDIR/);
  assert.equal(readdirSync(folder), ['speech-speeds.json'], 'no draft is left');
});

test.run();
