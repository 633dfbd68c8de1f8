import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verdictOn } from '#talkpath/tools/verdict.js';

const answer = (status: number, retryAfter?: string, text?: string) => verdictOn({ type: 'answer', status, text, retryAfter });

test('a success is an answer', () => {
  assert.equal(answer(200, undefined, 'ok'), { type: 'answered', status: 200, text: 'ok' });
  for (const status of [200, 201, 202, 204, 299]) assert.is(answer(status).type, 'answered');
});

test('a refusal by the receiver says that nothing was done', () => {
  for (const status of [400, 401, 403, 404, 409, 410, 422, 499]) assert.equal(answer(status), { type: 'refused', why: `status ${status}` });
});

test('whoever asks to be left alone for a while has done nothing', () => {
  assert.equal(answer(429), { type: 'not-done', why: 'status 429', waitMs: 0 });
  assert.equal(answer(429, '2'), { type: 'not-done', why: 'status 429', waitMs: 2000 });
  assert.equal(answer(503, ' 1 '), { type: 'not-done', why: 'status 503', waitMs: 1000 });
});

test('a time to come back that is a date, or nonsense, is longer than any tool waits', () => {
  for (const date of ['Wed, 21 Oct 2026 07:28:00 GMT', '-1', '1.5', '', '1e3', '99999999999']) {
    assert.is((answer(503, date) as { waitMs: number }).waitMs, Number.POSITIVE_INFINITY, date);
  }
});

test('of a failure of the receiver or of a proxy nobody can tell what happened before it', () => {
  for (const status of [408, 500, 501, 502, 503, 504, 599]) {
    assert.equal(answer(status), { type: 'unknown', why: `status ${status}`, mayHelpToRepeat: true });
  }
});

test('a redirect tells nothing, and is not asked again', () => {
  for (const status of [300, 301, 302, 303, 307, 308]) {
    assert.equal(answer(status), { type: 'unknown', why: `status ${status}`, mayHelpToRepeat: false });
  }
});

test('what never left was not done, and what was lost may have been', () => {
  assert.equal(verdictOn({ type: 'unsent', reason: 'ECONNREFUSED' }), { type: 'not-done', why: 'ECONNREFUSED', waitMs: 0 });
  assert.equal(verdictOn({ type: 'lost', reason: 'ECONNRESET' }), { type: 'unknown', why: 'ECONNRESET', mayHelpToRepeat: true });
});

test.run();
