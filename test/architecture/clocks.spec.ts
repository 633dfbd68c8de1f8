import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf, filesBelow, type SourceFile } from './source-files.js';

const clocksOfNode = /\bDate\.now\b|\bnew Date\b|\bDate\(|\bsetTimeout\b|\bsetInterval\b|\bperformance\b|\bhrtime\b|timers\/promises|node:timers/;
const wallClocksOfC = /CLOCK_(?!MONOTONIC\b)\w+|gettimeofday|\btime\(|system_clock|high_resolution_clock|std::this_thread::sleep/;

const asks = (files: readonly SourceFile[], clock: RegExp): string[] =>
  files.flatMap((file) =>
    codeOf(file)
      .split('\n')
      .filter((line) => clock.test(line))
      .map((line) => `${file.path}: ${line.trim()}`),
  );

test('time comes from base/clock alone', () => {
  const sources = filesBelow('src', ['.ts']);
  assert.equal(
    asks(
      sources.filter(({ path }) => path !== 'src/base/clock.ts'),
      clocksOfNode,
    ),
    [],
  );
  assert.ok(asks(sources, clocksOfNode).length >= 3, 'base/clock itself is found');
});

test('the engine knows the monotonic clock and no other, so that a change of the wall clock cannot reach it', () => {
  const native = [...filesBelow('native', ['.h', '.cc']), ...filesBelow('bindings', ['.h', '.cc'])];
  assert.equal(asks(native, wallClocksOfC), []);
  assert.ok(asks(native, /CLOCK_MONOTONIC/).length >= 2);
  for (const line of ['clock_gettime(CLOCK_REALTIME, &now);', 'std::chrono::system_clock::now()', 'time(nullptr)']) assert.match(line, wallClocksOfC);
});

test('wall-clock time is read for what people read and for the times of files, and no call is timed by it', () => {
  const readers = filesBelow('src', ['.ts'])
    .filter((file) => /\bwallTime\b/.test(codeOf(file)))
    .map(({ path }) => path);
  const forPeople = ['src/call/call-record.ts', 'src/cli/serve.ts'];
  const forFiles = ['src/models/npm-client.ts', 'src/providers/cascade/tts/prepared-speech.ts', 'src/tools/journal.ts'];
  assert.equal(
    readers.filter((path) => ![...forPeople, ...forFiles, 'src/base/clock.ts'].includes(path)),
    [],
  );
});

test.run();
