import * as assert from 'uvu/assert';
import { EmulatedDeepgramSpeak } from '#emulators/deepgram-speak.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { createDeepgramTts } from '#talkpath/providers/cascade/tts/deepgram.js';
import { begun, failureOf, heard } from '../../../support/conformance/tts-bench.js';
import { ttsKit } from '../../../support/conformance/tts-kit.js';
import { eventually } from '../../../support/deadline.js';

const never = new AbortController().signal;

const test = ttsKit('text to speech by Deepgram', {
  outputs: [{ encoding: 'mulaw', rateHz: 8000 }, { encoding: 'alaw', rateHz: 8000 }, pcm16(8000), pcm16(16_000), pcm16(24_000)],
  service: () => new EmulatedDeepgramSpeak(),
  create: (service, clock, limits) =>
    createDeepgramTts({ type: 'deepgram', url: service.url, api_key: service.key, model: 'aura-2-thalia-en' }, clock, limits),
  key: 'deepgram-key',
  connects: 'when-opened',
  garbage: ['garbage-json'],
});

test('a call has one socket, and says goodbye on it', async ({ bench }) => {
  const session = await bench.open();
  for (const text of ['One.', 'Two.', 'Three.']) await heard(session.speak(text, 1, never));
  session.close();
  await eventually(5000, 'the goodbye', () => bench.service.farewells === 1, 5);
  assert.is(bench.service.connections, 1);
});

test('a sentence that is cut is forgotten by the service, once', async ({ bench }) => {
  bench.service.manner.pace = 1;
  const session = await bench.open();
  const abort = new AbortController();
  const { rest } = await begun(session.speak('This is cut, and what waits behind it, too.', 1, abort.signal));
  const behind = heard(session.speak('This waits.', 1, abort.signal));
  abort.abort();
  assert.ok((await rest.next()).done);
  assert.is((await behind).length, 0);
  bench.service.manner.pace = 20;
  assert.ok((await heard(session.speak('Yes?', 2, never))).equals(bench.whole('Yes?')));
  assert.is(bench.service.clears, 1);
  assert.equal(bench.service.spoken, ['This is cut, and what waits behind it, too.', 'Yes?']);
});

test('a service that does not forget is left for another socket', async ({ bench }) => {
  bench.service.manner.pace = 1;
  const session = await bench.open();
  bench.service.fault = { type: 'ignore-cancel' };
  const abort = new AbortController();
  const { rest } = await begun(session.speak('This goes on and on, whatever the caller says of it.', 1, abort.signal));
  abort.abort();
  assert.ok((await rest.next()).done);
  bench.service.manner.pace = 20;
  assert.ok((await heard(session.speak('Yes?', 2, never))).equals(bench.whole('Yes?')));
  assert.is(bench.service.connections, 2);
});

test('more sentences than a stream may have in a minute go on in another', async ({ bench }) => {
  bench.service.manner.pieceMs = 20;
  bench.service.manner.msPerCharacter = 4;
  const session = await bench.open();
  for (let i = 0; i < 45; i += 1) assert.ok((await heard(session.speak(`No. ${i}`, 1, never))).equals(bench.whole(`No. ${i}`)));
  assert.is(bench.service.connections, 3);
  await eventually(5000, 'the end of the sockets before', () => bench.service.openConnections === 1, 5);
  assert.equal(bench.service.violations, []);
});

test('more characters than a stream may have in a minute go on in another', async ({ bench }) => {
  bench.service.manner.msPerCharacter = 0.1;
  const session = await bench.open();
  for (const length of [1900, 400, 200]) await heard(session.speak('word '.repeat(length / 5), 1, never));
  assert.is(bench.service.connections, 2);
  assert.equal(bench.service.violations, []);
});

test('a warning that an order was not carried out ends the sentence; any other changes nothing', async ({ bench }) => {
  const session = await bench.open();
  bench.service.nextWarning = 'EXCESSIVE_FLUSH';
  const failure = await failureOf(heard(session.speak('My name is Marmalade.', 1, never)));
  assert.is(failure.code, 'TP_ERR_PROVIDER_BUSY');
  assert.not.match(failure.message, 'Marmalade');
  assert.ok((await heard(session.speak('And on.', 2, never))).equals(bench.whole('And on.')));
});

for (const [message, code] of [
  ['{"type":"Error","code":"INVALID_AUTH","description":"said"}', 'TP_ERR_PROVIDER_REFUSED'],
  ['{"type":"Error","code":"RATE_LIMIT_EXCEEDED","description":"said"}', 'TP_ERR_PROVIDER_BUSY'],
  ['{"type":"Error","code":"DATA-0000","description":"said"}', 'TP_ERR_PROVIDER_REQUEST'],
  ['{"type":"Error","code":"NET-0001","description":"said"}', 'TP_ERR_PROVIDER_LOST'],
  ['{"type":"Error","code":{"said":1}}', 'TP_ERR_PROVIDER_LOST'],
  ['{"type":"Flushed"}', 'TP_ERR_PROVIDER_PROTOCOL'],
  ['{"type":"Flushed","sequence_id":"0"}', 'TP_ERR_PROVIDER_PROTOCOL'],
  ['{"type":"Cleared","sequence_id":0.5}', 'TP_ERR_PROVIDER_PROTOCOL'],
  ['{"type":7}', 'TP_ERR_PROVIDER_PROTOCOL'],
  ['{}', 'TP_ERR_PROVIDER_PROTOCOL'],
  ['[]', 'TP_ERR_PROVIDER_PROTOCOL'],
  ['said', 'TP_ERR_PROVIDER_PROTOCOL'],
] as const) {
  test(`a sentence that is answered by ${message} is ${code}`, async ({ bench }) => {
    const session = await bench.open();
    bench.service.nextMessage = message;
    const failure = await failureOf(heard(session.speak('Hello.', 1, never)));
    assert.is(failure.code, code, failure.message);
    assert.not.match(failure.message, 'said');
    assert.ok((await heard(session.speak('And on.', 2, never))).equals(bench.whole('And on.')));
  });
}

for (const message of [
  '{"type":"Metadata","request_id":"r"}',
  '{"type":"SomethingNew"}',
  '{"type":"Warning","code":"OLD_MODEL"}',
  '{"type":"Warning"}',
  '{"type":"Cleared","sequence_id":3}',
]) {
  test(`${message} in a sentence changes nothing`, async ({ bench }) => {
    const session = await bench.open();
    bench.service.remark = message;
    assert.ok((await heard(session.speak('Hello there.', 1, never))).equals(bench.whole('Hello there.')));
    assert.is(bench.service.connections, 1);
  });
}

test('an error between two sentences is told when the next would be refused, too', async ({ bench }) => {
  const session = await bench.open();
  await heard(session.speak('Hello.', 1, never));
  bench.service.say('{"type":"Error","code":"INVALID_AUTH"}');
  await eventually(5000, 'the failure', () => bench.failures === 1, 5);
  bench.service.say('{"type":"Error","code":"INVALID_AUTH"}');
  assert.ok((await heard(session.speak('And on.', 2, never))).equals(bench.whole('And on.')));
  bench.service.say('{"type":"Error","code":"NET-0001"}');
  await eventually(5000, 'the end of the socket', () => bench.service.openConnections === 0, 5);
  assert.is(bench.failures, 1);
});

test.run();
