import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { projectFolder } from '../support/project.js';
import { filesBelow } from './source-files.js';

/** What has no test of its own name, and where it is seen instead. */
const seenElsewhere: Readonly<Record<string, string>> = {
  'base/audio_format': 'pcm_test',
  'base/clock': 'realtime_test',
  'base/result': 'two lines of a type',
  'base/wide': 'a mark alone: resampler_stream_test, sliding_products_test and gated_network_test run what carries it',
  'dsp/aligned_far_end': 'echo_g168_test: all that AEC3 knows of the far end comes from it',
  'dsp/band_split_delay': 'session/path_delay_test measures what it says',
  'dsp/caller_weights': 'data alone',
  'dsp/echo_features': 'caller_detector_test hears what is made of them',
  'dsp/voice_block': 'every block of echo_canceller_test and noise_suppressor_test goes through it',
  'dsp/voice_weights': 'data alone',
  'engine/thread_priority': 'the system decides what it does',
  'session/session_event': 'data alone',
  'session/session_stats': 'gap_ledger_test',
};

const withoutEnding = (path: string): string => path.replace(/\.(h|cc)$/, '');
const sources = filesBelow('native', ['.h', '.cc']);
const tests = filesBelow('test/native', ['.cc']);
const units = [...new Set(sources.map(({ path }) => withoutEnding(path.slice('native/'.length))))];

/** Whether a test of the same folder has the unit's name, and sees its header. */
const hasTest = (unit: string): boolean =>
  tests.some(({ path, text }) => {
    const folder = posix.dirname(path.slice('test/native/'.length));
    const name = posix.basename(path);
    const unitName = posix.basename(unit);
    const named = name === `${unitName}_test.cc` || (name.startsWith(`${unitName}_`) && name.endsWith('_test.cc'));
    // A driver beside the test may be what includes the header.
    return named && folder === posix.dirname(unit) && (text.includes(`"${unit}.h"`) || text.includes('_driver.h"') || text.includes('_streaming.h"'));
  });

test('every unit of native/ has a test of its name in the folder of test/native that mirrors its own, or a reason', () => {
  assert.ok(units.length > 25);
  assert.equal(
    units.filter((unit) => !hasTest(unit) && !(unit in seenElsewhere)),
    [],
  );
});

test('no reason is given for what has a test, or is gone', () => {
  assert.equal(
    Object.keys(seenElsewhere).filter((unit) => !units.includes(unit) || hasTest(unit)),
    [],
  );
});

test('every test of test/native is compiled: CMake names it, once for each build that has it', () => {
  const lists = readFileSync(join(projectFolder, 'test/native/CMakeLists.txt'), 'utf8');
  assert.ok(tests.length > 40);
  const named = (path: string): boolean => {
    const file = path.slice('test/native/'.length);
    return lists.includes(file) || new RegExp(`(^|[\\s(])${posix.basename(file).replace('.', '\\.')}`, 'm').test(lists);
  };
  assert.equal(
    tests.map(({ path }) => path).filter((path) => !named(path)),
    [],
  );
});

test.run();
