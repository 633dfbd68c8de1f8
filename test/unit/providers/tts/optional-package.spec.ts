import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { optionalPackage } from '#talkpath/providers/cascade/tts/optional-package.js';
import { failureOf } from '../../../support/conformance/tts-bench.js';

test('a package that is not there is named', async () => {
  const failure = await failureOf(optionalPackage('no-such-package', () => import('no-such-package' as string)));
  assert.is(failure.code, 'TP_ERR_PACKAGE_MISSING');
  assert.match(failure.message, 'no-such-package');
  assert.is((await failureOf(optionalPackage('broken', () => Promise.reject(new Error('broken inside'))))).message, 'broken inside');
});

test.run();
