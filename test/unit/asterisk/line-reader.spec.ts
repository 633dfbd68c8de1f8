import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LineReader } from '#talkpath/asterisk/line-reader.js';
import { holds } from '../../support/property.js';

test('lines come out as they went in, however the stream is cut', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
  holds(
    fc.property(fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))), fc.array(fc.nat({ max: 20 }), { minLength: 1 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((parts) => parts.join('')).join(''));
      const reader = new LineReader(1000);
      const read: string[] = [];
      for (let at = 0, i = 0; at < bytes.length; i += 1) {
        const end = at + 1 + (cuts[i % cuts.length] as number);
        read.push(...(reader.push(bytes.subarray(at, end)) ?? ['too long']));
        at = end;
      }
      assert.equal(
        read,
        lines.map(([text]) => text),
      );
    }),
  );
});

test('a line that is too long is refused, whether it ends or not, and one that just fits is read', () => {
  assert.equal(new LineReader(10).push(Buffer.from(`${'x'.repeat(10)}\n`)), ['x'.repeat(10)]);
  assert.is(new LineReader(10).push(Buffer.from(`${'x'.repeat(11)}\n`)), undefined);
  assert.is(new LineReader(10).push(Buffer.from('x'.repeat(11))), undefined);
  const reader = new LineReader(10);
  assert.equal(reader.push(Buffer.from('x'.repeat(10))), []);
  assert.is(reader.push(Buffer.from('x')), undefined);
});

test('a piece that is reused by its socket does not change what was read', () => {
  const reader = new LineReader(100);
  const piece = Buffer.from('half a ');
  reader.push(piece);
  piece.fill('x');
  assert.equal(reader.push(Buffer.from('line\n')), ['half a line']);
});

test.run();
