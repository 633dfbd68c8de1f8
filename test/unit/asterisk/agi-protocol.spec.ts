import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerOf, environmentEntry, getVariable, setVariable } from '#talkpath/asterisk/agi/protocol.js';

test('a line of the environment has a name and a value, which may be empty or have colons', () => {
  assert.equal(environmentEntry('agi_callerid: 4179'), ['agi_callerid', '4179']);
  assert.equal(environmentEntry('agi_accountcode: '), ['agi_accountcode', '']);
  assert.equal(environmentEntry('agi_accountcode:'), ['agi_accountcode', '']);
  assert.equal(environmentEntry('agi_request: agi://127.0.0.1:4573/call'), ['agi_request', 'agi://127.0.0.1:4573/call']);
});

test('what is no line of the environment is none', () => {
  for (const line of ['GET / HTTP/1.1', 'callerid: 1', 'agi_: 1', 'agi_a b: 1', 'agi_a', `agi_${'x'.repeat(70)}: 1`])
    assert.is(environmentEntry(line), undefined, line);
});

test('answers are read with their results and values', () => {
  assert.equal(answerOf(['200 result=1']), { type: 'done', result: 1, value: undefined });
  assert.equal(answerOf(['200 result=0']), { type: 'done', result: 0, value: undefined });
  assert.equal(answerOf(['200 result=-1']), { type: 'done', result: -1, value: undefined });
  assert.equal(answerOf(['200 result=1 (sales)']), { type: 'done', result: 1, value: 'sales' });
  assert.equal(answerOf(['200 result=1 ()']), { type: 'done', result: 1, value: '' });
  assert.equal(answerOf(['200 result=1 (a"b(c) d)']), { type: 'done', result: 1, value: 'a"b(c) d' });
});

test('a value with line ends in it is read to its end', () => {
  assert.is(answerOf(['200 result=1 (one']), 'more');
  assert.is(answerOf(['200 result=1 (one', 'two']), 'more');
  assert.equal(answerOf(['200 result=1 (one', 'two)']), { type: 'done', result: 1, value: 'one\ntwo' });
});

test('a command that Asterisk does not understand is refused, once its usage has been told', () => {
  assert.equal(answerOf(['510 Invalid or unknown command']), { type: 'refused', code: 510 });
  assert.equal(answerOf(['511 Command Not Permitted on a dead channel or intercept routine']), { type: 'refused', code: 511 });
  assert.is(answerOf(['520-Invalid command syntax.  Proper usage follows:']), 'more');
  assert.is(answerOf(['520-Invalid command syntax.  Proper usage follows:', '200 result=1 (x)']), 'more');
  assert.equal(answerOf(['520-Invalid', 'usage', '520 End of proper usage.']), { type: 'refused', code: 520 });
});

test('the end of the call is an answer, and what is no answer is garbage', () => {
  assert.equal(answerOf(['HANGUP']), { type: 'hung-up' });
  for (const line of [
    '',
    'HTTP/1.1 200 OK',
    '200',
    '200 ',
    '200 ok',
    '200 result=',
    '200 result=x',
    '200 result=1(x)',
    '20 result=1',
    `200 result=${'9'.repeat(20)}`,
  ])
    assert.is(answerOf([line]), 'garbage', line);
});

test('a value goes on the wire as one word, whatever is in it', () => {
  assert.is(getVariable('AI_CONTEXT'), 'GET VARIABLE AI_CONTEXT\n');
  assert.is(setVariable('TALKPATH_STATUS', 'announced'), 'SET VARIABLE TALKPATH_STATUS "announced"\n');
  assert.is(setVariable('A', 'b "c" \\d'), 'SET VARIABLE A "b \\"c\\" \\\\d"\n');
});

test.run();
