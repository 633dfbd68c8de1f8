import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorCode, errorTable, messageOf, TalkpathError } from '#talkpath/base/errors.js';
import { projectFolder } from '../../support/project.js';

/** What docs/errors.md says of each code. */
function documented(): Map<string, string> {
  const sections = readFileSync(join(projectFolder, 'docs/errors.md'), 'utf8').split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')).trim(), section.slice(section.indexOf('\n')).trim()]));
}

test('every error is explained in docs/errors.md, and every error explained there exists', () => {
  assert.equal([...documented().keys()].sort(), Object.keys(errorTable).sort());
});

test('the explanation of an error says what to do in the words of the program', () => {
  for (const [code, text] of documented()) {
    const next = `What to do next: ${errorTable[code as ErrorCode]}.`;
    assert.ok(text.includes(next), `${code} should say "${next}"`);
    assert.ok(text.length > next.length + 60, `${code} is not explained`);
  }
});

test('codes name an area and what happened', () => {
  for (const code of Object.keys(errorTable)) assert.match(code, /^TP_ERR_[A-Z]+(_[A-Z]+)?$/);
});

test('an error carries its code, its cause, and what to do next', () => {
  const cause = new Error('EADDRINUSE');
  const error = new TalkpathError('TP_ERR_LISTEN', 'cannot listen', { cause });
  assert.equal([error.code, error.message, error.name], ['TP_ERR_LISTEN', 'cannot listen', 'TalkpathError']);
  assert.is(error.cause, cause);
  assert.is(error.next, errorTable.TP_ERR_LISTEN);
});

test('the message of anything thrown is a text', () => {
  assert.is(messageOf(new Error('one')), 'one');
  assert.is(messageOf('two'), 'two');
  assert.is(messageOf(undefined), 'undefined');
});

test.run();
