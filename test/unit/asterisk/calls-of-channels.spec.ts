import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { callIdIn, callIdOf, callIdOfChannel } from '#talkpath/asterisk/call-id.js';
import { ChannelBook } from '#talkpath/asterisk/channel-book.js';
import { askedVariables, isWithinBounds, registrationOf } from '#talkpath/asterisk/registration.js';

const uuid = '40325ec2-5efd-4bd3-805f-53576e581d13';
const phone = { name: 'PJSIP/phone-00000001', application: '', data: '', values: [] };

test('a UUID is found in a text, and known in any case', () => {
  assert.is(callIdIn(`${uuid.toUpperCase()},127.0.0.1:9092`), uuid);
  assert.is(callIdIn(`AudioSocket/127.0.0.1:9092/${uuid}/c(slin16),,g`), uuid);
  assert.is(callIdIn('no such thing'), undefined);
  assert.is(callIdIn(`0${uuid}`), undefined);
  assert.is(callIdOf(uuid), uuid);
  assert.is(callIdOf(`${uuid},`), undefined);
});

for (const [way, application, data] of [
  ['AudioSocket()', 'AudioSocket', `${uuid},127.0.0.1:9092`],
  ['TryExec()', 'TryExec', `AudioSocket(${uuid},127.0.0.1:9092)`],
  ['Dial()', 'Dial', `AudioSocket/127.0.0.1:9092/${uuid}/c(slin16),,g`],
]) {
  test(`the channel that runs ${way} is the caller's`, () => {
    assert.is(callIdOfChannel({ ...phone, application: application as string, data: data as string }), uuid);
  });
}

test('a channel is known by a variable that holds the UUID, and by nothing that merely has it in it', () => {
  assert.is(callIdOfChannel({ ...phone, values: ['sales', uuid] }), uuid);
  assert.is(callIdOfChannel({ ...phone, values: [`order ${uuid}`] }), undefined);
});

test('what a channel does now counts more than a variable of an earlier call', () => {
  const other = '11111111-2222-4333-8444-555555555555';
  assert.is(callIdOfChannel({ ...phone, application: 'AudioSocket', data: `${uuid},h:1`, values: [other] }), uuid);
});

test("the channel that Dial() makes, and other channels, are no caller's", () => {
  assert.is(callIdOfChannel({ ...phone, name: `AudioSocket/127.0.0.1:9092-${uuid}`, values: [uuid] }), undefined);
  assert.is(callIdOfChannel({ ...phone, application: 'Milliwatt', data: uuid }), undefined);
});

test('the book knows the calls that it was told of last, and forgets the oldest', () => {
  const book = new ChannelBook();
  for (let i = 0; i <= 10_000; i += 1) book.enter(`call ${i}`, `channel ${i}`);
  assert.is(book.channelOf('call 0'), undefined);
  assert.is(book.channelOf('call 1'), 'channel 1');
  book.enter('call 1', 'another');
  book.enter('one more', 'channel');
  assert.is(book.channelOf('call 1'), 'another');
  assert.is(book.channelOf('call 2'), undefined);
  book.forget('call 1');
  assert.is(book.channelOf('call 1'), undefined);
});

test('each variable is asked for once, those first that choose the set-up', () => {
  assert.equal(askedVariables(['ORDER', 'AI_CONTEXT', 'ORDER']), ['AI_PROVIDER', 'AI_AUDIO_PROFILE', 'AI_CONTEXT', 'ORDER']);
});

test('empty variables are as good as none, and none that nobody named is told', () => {
  const values = new Map([
    ['AI_PROVIDER', ''],
    ['AI_CONTEXT', 'sales'],
    ['ORDER', ' '],
    ['NOTE', 'a note'],
    ['OTHER', 'not named'],
  ]);
  assert.equal(registrationOf(values, ['ORDER', 'NOTE'], { number: '1' }), {
    provider: undefined,
    profile: undefined,
    context: 'sales',
    caller: { number: '1' },
    variables: { NOTE: 'a note' },
  });
});

test('bounds are those of the admin API', () => {
  assert.ok(isWithinBounds({ caller: { number: 'x'.repeat(64), name: 'x'.repeat(256) }, variables: { A: 'x'.repeat(4096) } }));
  assert.not.ok(isWithinBounds({ caller: { number: 'x'.repeat(65) }, variables: {} }));
  assert.not.ok(isWithinBounds({ caller: { name: 'x'.repeat(257) }, variables: {} }));
  assert.not.ok(isWithinBounds({ caller: {}, variables: { A: 'x'.repeat(4097) } }));
});

test.run();
