import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileLimitWarning } from '#talkpath/cli/file-limit.js';

const limits = (open: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${open}                 4096                 files\n`;

test('a limit on open files below what the settings may ask for is said, with both numbers', () => {
  assert.match(fileLimitWarning(500, 512, limits('1024')) ?? '', /may open 1024 files.*may ask for 1112/);
});

test('a limit that suffices, none, or one that cannot be read, is not worth a word', () => {
  for (const open of ['1112', 'unlimited']) assert.is(fileLimitWarning(500, 512, limits(open)), undefined);
  assert.is(fileLimitWarning(500, 512, ''), undefined);
});

test.run();
