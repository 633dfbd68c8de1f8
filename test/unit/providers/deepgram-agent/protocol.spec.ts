import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errorOfCode, eventOf, type ServiceEvent } from '#talkpath/providers/deepgram-agent/protocol.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';

const read = (message: unknown): ServiceEvent | undefined => eventOf(JSON.stringify(message));

test('each message of the service is told in our words', () => {
  const cases: [object, ServiceEvent][] = [
    [{ type: 'Welcome', request_id: 'r' }, { type: 'welcome' }],
    [{ type: 'SettingsApplied' }, { type: 'settings-applied' }],
    [{ type: 'UserStartedSpeaking' }, { type: 'caller-started' }],
    [{ type: 'EndOfTurn', trigger: 'model' }, { type: 'caller-ended' }],
    [{ type: 'AgentThinking', content: '' }, { type: 'thinking' }],
    [
      { type: 'ConversationText', role: 'user', content: 'Hi.' },
      { type: 'words', who: 'caller', text: 'Hi.' },
    ],
    [
      { type: 'ConversationText', role: 'assistant', content: '' },
      { type: 'words', who: 'agent', text: '' },
    ],
    [
      { type: 'AgentStartedSpeaking', total_latency: 1, tts_latency: 0.25, ttt_latency: 0.5 },
      { type: 'agent-started', took: { llm: 500, tts: 250 } },
    ],
    [{ type: 'AgentAudioDone' }, { type: 'audio-done' }],
    [
      { type: 'LatencyReport', stt_latency: 0.125 },
      { type: 'took', took: { stt: 125 } },
    ],
    [
      { type: 'LatencyReport', ttt_text_latency: 0.5, ttt_token_latency: 0.25, tts_latency: 0, total_latency: 1 },
      { type: 'took', took: { llm: 500, tts: 0 } },
    ],
    [{ type: 'InjectionRefused', message: '' }, { type: 'injection-refused' }],
    [{ type: 'Warning', code: 'INJECT_AGENT_MESSAGE_DURING_USER_SPEECH', description: '' }, { type: 'injection-refused' }],
    [
      { type: 'FunctionCallCancelled', functions: [{ id: 'a', name: 'find' }, { id: 'b' }] },
      { type: 'calls-cancelled', ids: ['a', 'b'] },
    ],
    [
      { type: 'Error', code: 'FAILED_TO_THINK', description: '' },
      { type: 'error', code: 'FAILED_TO_THINK' },
    ],
  ];
  for (const [message, event] of cases) assert.equal(read(message), event, JSON.stringify(message));
});

test('a function call is told with its arguments, and one that the service makes itself is not', () => {
  const call = { id: 'a', name: 'find', client_side: true };
  const functions = [
    { ...call, arguments: '{"day":"Monday"}' },
    { ...call, id: 'b', arguments: '' },
    { ...call, id: 'c', arguments: '[1]' },
    { ...call, id: 'd', arguments: '{}', client_side: false },
  ];
  assert.equal(read({ type: 'FunctionCallRequest', functions }), {
    type: 'function-calls',
    calls: [
      { id: 'a', name: 'find', arguments: { day: 'Monday' } },
      { id: 'b', name: 'find', arguments: {} },
      { id: 'c', name: 'find', arguments: undefined },
    ],
  });
});

test('what is not known, or changes nothing, is passed over', () => {
  for (const type of ['History', 'PromptUpdated', 'ThinkUpdated', 'FunctionCallResponse', 'SomethingNew']) assert.is(read({ type }), undefined);
  assert.is(read({ type: 'Warning', code: 'SLOW_THINK_REQUEST', description: '' }), undefined);
  assert.is(read({ type: 'Warning' }), undefined);
});

test('a time that is none is left out', () => {
  for (const stt_latency of ['fast', null, -1, 1e9, {}, '0.2'])
    assert.equal(read({ type: 'LatencyReport', stt_latency }), { type: 'took', took: {} });
});

test('a message with a field that is missing or of another kind is a fault of the protocol, and is not repeated', () => {
  const secret = 'my PIN is 4711';
  const call = { id: 'a', name: 'find', arguments: '{}', client_side: true };
  const wrong: unknown[] = [
    {},
    { type: 7 },
    { type: null },
    [],
    'text',
    null,
    { type: 'ConversationText', role: 'user' },
    { type: 'ConversationText', role: 'user', content: [secret] },
    { type: 'ConversationText', role: 'system', content: secret },
    { type: 'ConversationText', content: secret },
    { type: 'FunctionCallRequest' },
    { type: 'FunctionCallRequest', functions: { 0: call } },
    { type: 'FunctionCallRequest', functions: [null] },
    { type: 'FunctionCallRequest', functions: [secret] },
    { type: 'FunctionCallRequest', functions: [{ ...call, id: 7 }] },
    { type: 'FunctionCallRequest', functions: [{ ...call, name: undefined }] },
    { type: 'FunctionCallRequest', functions: [{ ...call, arguments: { pin: secret } }] },
    { type: 'FunctionCallRequest', functions: [{ ...call, client_side: 'yes' }] },
    { type: 'FunctionCallCancelled', functions: [{}] },
    { type: 'FunctionCallCancelled' },
    { type: 'Error', description: secret },
  ];
  for (const message of wrong) {
    const text = JSON.stringify(message);
    try {
      eventOf(text);
      assert.unreachable(text);
    } catch (error) {
      assert.instance(error, ProviderError, text);
      assert.is((error as ProviderError).code, 'TP_ERR_PROVIDER_PROTOCOL', text);
      assert.not.match((error as ProviderError).message, /4711/);
    }
  }
  assert.throws(() => eventOf('{"type":'), /not JSON/);
});

test('an error of the service means what its code says, and of an unknown code nothing is repeated', () => {
  const codes: [string, string, boolean][] = [
    ['INVALID_SETTINGS', 'TP_ERR_PROVIDER_REQUEST', false],
    ['UNPARSABLE_CLIENT_MESSAGE', 'TP_ERR_PROVIDER_REQUEST', false],
    ['INSUFFICIENT_PERMISSIONS', 'TP_ERR_PROVIDER_REFUSED', false],
    ['INVALID_AUTH', 'TP_ERR_PROVIDER_REFUSED', false],
    ['FAILED_TO_THINK', 'TP_ERR_PROVIDER_LOST', true],
    ['MAXIMUM_SESSION_LENGTH_REACHED', 'TP_ERR_PROVIDER_LOST', true],
  ];
  for (const [code, ours, isRetryable] of codes) {
    const error = errorOfCode(code, 'TP_ERR_PROVIDER_LOST');
    assert.equal([error.code, error.isRetryable], [ours, isRetryable], code);
    assert.match(error.message, new RegExp(code));
  }
  assert.is(errorOfCode('FAILED_TO_START_LISTENING', 'TP_ERR_PROVIDER_CONNECT').code, 'TP_ERR_PROVIDER_CONNECT');
  assert.not.match(errorOfCode('the caller said 4711', 'TP_ERR_PROVIDER_LOST').message, /4711/);
});

test.run();
