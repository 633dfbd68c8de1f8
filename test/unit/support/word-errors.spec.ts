import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { wordErrors } from '../../support/word-errors.js';

const errors = (said: string, heard: string): number => wordErrors(said, heard).errors;

test('case, punctuation and the spelling of digits do not count', () => {
  assert.equal(wordErrors('Order four seven, please!', 'order 47 please'), { errors: 0, words: 4 });
});

test('each word that is missing, added or replaced counts once', () => {
  assert.is(errors('a b c', 'a c'), 1);
  assert.is(errors('a b c', 'a b x c'), 1);
  assert.is(errors('a b c', 'a x c'), 1);
  assert.is(errors('a b c', ''), 3);
  assert.is(errors('', 'a b'), 2);
});

test.run();
