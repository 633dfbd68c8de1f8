import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JournalFile } from '#talkpath/tools/journal-file.js';

const inFolder = async (doing: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-journal-'));
  try {
    await doing(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
const isRefused = (doing: Promise<unknown>): Promise<boolean> =>
  doing.then(
    () => false,
    () => true,
  );

test('lines stand in the order in which they came, and close() waits for them', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'file');
    const file = await JournalFile.create(path);
    const appended = ['a\n', 'b\n', 'c\n'].map((line) => file.append(line));
    await file.close();
    await Promise.all(appended);
    assert.is(readFileSync(path, 'utf8'), 'a\nb\nc\n');
  }));

test('a file that is there already belongs to another process', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'file');
    const file = await JournalFile.create(path);
    assert.ok(await isRefused(JournalFile.create(path)));
    await file.close();
  }));

test('after a write that failed nothing is taken any more, as half a line may stand there', () =>
  inFolder(async (folder) => {
    const file = await JournalFile.create(join(folder, 'file'));
    await file.close();
    const appended = [file.append('a\n'), file.append('b\n')];
    assert.equal(await Promise.all(appended.map(isRefused)), [true, true]);
    assert.ok(await isRefused(file.append('c\n')));
  }));

test.run();
