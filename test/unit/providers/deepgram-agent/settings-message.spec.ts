import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { impossibleIn, type SettingsMessage, settings as settingsShape } from '#emulators/deepgram-agent/client-messages.js';
import type { AudioFormat } from '#talkpath/base/audio-format.js';
import { formats, settingsMessage } from '#talkpath/providers/deepgram-agent/settings-message.js';
import type { CallContext, Said } from '#talkpath/providers/provider.js';
import { callContext } from '../../../support/call-context.js';
import { mulaw, settingsFor } from './agent-call.js';

interface Given {
  readonly settings?: object;
  readonly call?: Partial<CallContext>;
  readonly history?: readonly Said[];
  readonly input?: AudioFormat;
  readonly output?: AudioFormat;
}

/** The message as it goes over the wire; the published protocol allows it. */
function message({ settings = {}, call = {}, history = [], input = mulaw, output = mulaw }: Given): SettingsMessage {
  const made = settingsMessage(settingsFor('https://agent.deepgram.com', settings), { input, output, call: callContext(call), history });
  const sent = JSON.parse(JSON.stringify(made)) as SettingsMessage;
  assert.equal([...settingsShape(sent, 'Settings'), ...impossibleIn(sent)], []);
  return sent;
}

test('a call of which nothing is known is heard by Flux, thought of by a small model, and spoken to by Aura', () => {
  const { audio, agent } = message({});
  assert.equal(audio, {
    input: { encoding: 'mulaw', sample_rate: 8000 },
    output: { encoding: 'mulaw', sample_rate: 8000, container: 'none' },
  });
  assert.equal(agent.listen, { provider: { type: 'deepgram', version: 'v2', model: 'flux-general-en' } });
  assert.equal(agent.think.provider, { type: 'open_ai', model: 'gpt-4o-mini' });
  assert.equal(agent.speak, { provider: { type: 'deepgram', version: 'v1', model: 'aura-2-thalia-en' } });
  assert.equal(Object.keys(agent).sort(), ['listen', 'speak', 'think']);
  assert.equal(Object.keys(agent.think).sort(), ['prompt', 'provider']);
});

test('audio goes in any of the formats that are offered', () => {
  for (const input of formats) {
    for (const output of formats) {
      const { audio } = message({ input, output });
      assert.is(audio.input.sample_rate, input.rateHz);
      assert.is(audio.output.sample_rate, output.rateHz);
      assert.is(audio.input.encoding, input.encoding === 'pcm16' ? 'linear16' : input.encoding);
      assert.is(audio.output.encoding, output.encoding === 'pcm16' ? 'linear16' : output.encoding);
    }
  }
  assert.is(formats.length, 5);
});

test('the language is set where the model that hears takes it, and told to the model that thinks', () => {
  const language = 'de-CH';
  const nova = message({ settings: { listen_model: 'nova-3' }, call: { language } });
  assert.equal(nova.agent.listen.provider, { type: 'deepgram', version: 'v1', model: 'nova-3', language: 'de-CH' });
  const multi = message({ settings: { listen_model: 'flux-general-multi' }, call: { language } });
  assert.equal(multi.agent.listen.provider, { type: 'deepgram', version: 'v2', model: 'flux-general-multi', language_hints: ['de'] });
  const english = message({ call: { language } });
  assert.equal(english.agent.listen.provider, { type: 'deepgram', version: 'v2', model: 'flux-general-en' });
  for (const { agent } of [nova, multi, english]) assert.match(agent.think.prompt ?? '', /de-CH/);
});

test('a Flux voice is spoken by the second version of the service', () => {
  assert.is(message({ settings: { speak_model: 'flux-kit-en' } }).agent.speak.provider.version, 'v2');
});

test('the prompt holds the instructions, the caller and what is known of the call, and not the number', () => {
  const prompt = 'You take orders for pizza.';
  const caller = { name: 'Ada', number: '+41445556677' };
  const told = message({ call: { prompt, caller, variables: { table: '4', mood: 'hungry' } } }).agent.think.prompt ?? '';
  assert.ok(told.startsWith(prompt));
  assert.match(told, /Ada/);
  assert.match(told, /- "table": "4"\n- "mood": "hungry"/);
  assert.not.match(told, /5556677/);
});

test('a server of one’s own is asked with its own key', () => {
  const think_url = 'https://llm.example.org/v1/chat/completions';
  assert.equal(message({ settings: { think_url, think_api_key: 'secret' } }).agent.think.endpoint, {
    url: think_url,
    headers: { authorization: 'Bearer secret' },
  });
  assert.equal(message({ settings: { think_url } }).agent.think.endpoint, { url: think_url, headers: {} });
  assert.is(message({}).agent.think.endpoint, undefined);
});

test('functions are the client’s, and wait until the caller has really finished', () => {
  const parameters = { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] };
  const tools = [{ name: 'book_table', description: 'Books a table.', parameters }];
  assert.equal(message({ call: { tools } }).agent.think.functions, [
    { name: 'book_table', description: 'Books a table.', parameters, defer_until_eot: true },
  ]);
});

test('what was said before is told in its order', () => {
  const history: Said[] = [
    { who: 'agent', text: 'Good morning.' },
    { who: 'caller', text: 'A table for two.' },
  ];
  assert.equal(message({ history }).agent.context, {
    messages: [
      { type: 'History', role: 'assistant', content: 'Good morning.' },
      { type: 'History', role: 'user', content: 'A table for two.' },
    ],
  });
});

test.run();
