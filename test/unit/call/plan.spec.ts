import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import type { Registration } from '#talkpath/call/announcements.js';
import { pickFormat, resolveCall } from '#talkpath/call/plan.js';
import { parseSettings } from '#talkpath/config/load.js';
import { echoCancellationModes } from '#talkpath/config/schema.js';

const settings = parseSettings(
  `
default_provider: echo
providers:
  other: {type: echo}
  third: {type: echo}
profiles:
  studio: {line_rate_hz: 24000, noise_suppression: high, echo_cancellation: always, playout_start_ms: 60, comfort_noise_dbfs: -55}
contexts:
  support: {provider: other, profile: wideband, greeting: Hello.}
  bare: {}
`,
  'test.yaml',
);
const registration = (said: Partial<Registration>): Registration => ({ caller: {}, variables: {}, ...said });

test('a call that nobody announced gets the defaults', () => {
  const call = resolveCall(settings, undefined);
  assert.equal([call.provider, call.profile, call.context, call.session.lineRateHz], ['echo', 'telephony', undefined, 8000]);
  assert.equal(call.chosenBy, { provider: 'default', profile: 'default', context: 'default' });
});

test('a call takes what its context says, and what is said of the call goes before', () => {
  const ofContext = resolveCall(settings, registration({ context: 'support' }));
  assert.equal([ofContext.provider, ofContext.profile, ofContext.contextSettings?.greeting], ['other', 'wideband', 'Hello.']);
  assert.equal(ofContext.chosenBy, { provider: 'context', profile: 'context', context: 'call' });
  const ofCall = resolveCall(settings, registration({ context: 'support', provider: 'third', profile: 'hifi' }));
  assert.equal([ofCall.provider, ofCall.profile, ofCall.session.lineRateHz], ['third', 'hifi', 24_000]);
  assert.equal(ofCall.chosenBy, { provider: 'call', profile: 'call', context: 'call' });
});

test('a context that says nothing leaves the defaults', () => {
  const call = resolveCall(settings, registration({ context: 'bare' }));
  assert.equal([call.provider, call.profile, call.context], ['echo', 'telephony', 'bare']);
});

test('the context named default is that of every call that names none', () => {
  const withDefault = parseSettings('default_provider: echo\nproviders: {other: {type: echo}}\ncontexts: {default: {provider: other}}', 'test.yaml');
  const call = resolveCall(withDefault, undefined);
  assert.equal([call.provider, call.context], ['other', 'default']);
});

test('an echo is looked for, but not where the agent itself says back what it hears', () => {
  const modeOf = (provider: string, profile = 'telephony') =>
    echoCancellationModes[resolveCall(settings, registration({ provider, profile })).session.echoCancellation];
  assert.is(modeOf('local'), 'auto');
  assert.is(modeOf('third'), 'never');
  assert.is(modeOf('third', 'studio'), 'always');
});

test("a profile's settings reach the engine in the engine's words", () => {
  const call = resolveCall(settings, registration({ profile: 'studio' }));
  assert.is(call.playoutStartMs, 60);
  assert.equal(call.session, {
    lineRateHz: 24_000,
    highPassHz: 80,
    noiseSuppression: 3,
    echoCancellation: 1,
    echoMaxDelayMs: 1200,
    voiceMode: 2,
    speechOnsetMs: 60,
    speechHangoverMs: 200,
    comfortNoiseDbfs: -55,
  });
});

test('there is no comfort noise unless a profile asks for it', () => {
  assert.is(resolveCall(settings, undefined).session.comfortNoiseDbfs, 0);
});

test('the format with the least conversion is picked', () => {
  const mulaw = { encoding: 'mulaw', rateHz: 8000 } as const;
  assert.equal(pickFormat(8000, [24_000, 16_000, 8000].map(pcm16)), pcm16(8000));
  assert.equal(pickFormat(8000, [pcm16(24_000), mulaw]), mulaw, 'no resampling before no companding');
  assert.equal(pickFormat(8000, [mulaw, pcm16(8000)]), pcm16(8000), 'of one rate the exact one');
  assert.equal(pickFormat(8000, [pcm16(24_000), pcm16(16_000)]), pcm16(16_000), 'the next higher one loses nothing');
  assert.equal(pickFormat(24_000, [mulaw, pcm16(16_000)]), pcm16(16_000), 'else the highest');
  assert.equal(pickFormat(16_000, []), pcm16(16_000));
});

test.run();
