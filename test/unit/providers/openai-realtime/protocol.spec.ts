import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { eventOf, type ServiceEvent } from '#talkpath/providers/openai-realtime/protocol.js';

const of = { response_id: 'resp_1', item_id: 'item_1' };

/** Right messages, and the event that each is; of each field it is known whether the message can do without it. */
const messages: readonly { readonly message: Record<string, unknown>; readonly event: ServiceEvent; readonly spare?: readonly string[] }[] = [
  { message: { type: 'session.created', session: {} }, event: { type: 'session-created' }, spare: ['session'] },
  {
    message: { type: 'session.updated', session: { audio: { input: { format: { type: 'audio/pcmu' } }, output: {} } } },
    event: { type: 'session-updated', input: 'audio/pcmu', output: undefined },
    spare: ['session'],
  },
  { message: { type: 'input_audio_buffer.speech_started' }, event: { type: 'speech-started' } },
  { message: { type: 'input_audio_buffer.committed', item_id: 'item_1' }, event: { type: 'committed', itemId: 'item_1' } },
  {
    message: {
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'item_1',
      transcript: 'tea',
      usage: { type: 'duration', seconds: 1.5 },
    },
    event: { type: 'transcribed', itemId: 'item_1', text: 'tea', usage: { stt_seconds: 1.5 } },
    spare: ['usage'],
  },
  {
    message: { type: 'conversation.item.input_audio_transcription.failed', item_id: 'item_1', error: {} },
    event: { type: 'not-transcribed', itemId: 'item_1' },
    spare: ['error'],
  },
  {
    message: { type: 'response.created', response: { id: 'resp_1', metadata: { talkpath_request: 'create-1' } } },
    event: { type: 'response-created', responseId: 'resp_1', label: 'create-1' },
  },
  {
    message: { type: 'response.output_item.added', response_id: 'resp_1', item: { id: 'item_1', type: 'function_call', name: 'lookup' } },
    event: { type: 'item-added', responseId: 'resp_1', itemId: 'item_1', kind: 'function_call', name: 'lookup' },
  },
  {
    message: { type: 'response.output_audio.delta', ...of, delta: 'AQID' },
    event: { type: 'audio', responseId: 'resp_1', itemId: 'item_1', audio: Buffer.from([1, 2, 3]) },
  },
  {
    message: { type: 'response.output_audio_transcript.delta', ...of, delta: ' tea' },
    event: { type: 'words', responseId: 'resp_1', itemId: 'item_1', text: ' tea' },
  },
  {
    message: { type: 'response.output_audio_transcript.done', ...of, transcript: 'tea' },
    event: { type: 'words-ended', responseId: 'resp_1', itemId: 'item_1', text: 'tea' },
  },
  {
    message: { type: 'response.function_call_arguments.done', ...of, call_id: 'call_1', name: 'lookup', arguments: '{}' },
    event: { type: 'tool-called', responseId: 'resp_1', itemId: 'item_1', callId: 'call_1', name: 'lookup', arguments: '{}' },
    spare: ['name'],
  },
  {
    message: { type: 'response.done', response: { id: 'resp_1', status: 'completed' } },
    event: { type: 'response-done', responseId: 'resp_1', outcome: { status: 'completed' }, usage: {} },
  },
  {
    message: { type: 'error', error: { type: 'server_error', code: null, message: 'x', event_id: 'create-1' } },
    event: { type: 'error', error: { type: 'server_error', code: undefined }, eventId: 'create-1' },
  },
];

const parsed = (message: unknown): ServiceEvent | undefined => eventOf(JSON.stringify(message));

for (const { message, event } of messages) {
  test(`${message.type} is read`, () => assert.equal(parsed(message), event));
}

for (const { message, spare = [] } of messages) {
  for (const field of Object.keys(message).filter((field) => field !== 'type')) {
    for (const [what, value] of [
      ['absent', undefined],
      ['null', null],
      ['a number', 7],
      ['a list', [1]],
    ] as const) {
      const broken = { ...message, [field]: value };
      if (spare.includes(field)) test(`${message.type} with ${field} ${what} will do`, () => assert.not.throws(() => parsed(broken)));
      else {
        test(`${message.type} with ${field} ${what} is broken`, () => {
          assert.throws(
            () => parsed(broken),
            (error: unknown) => error instanceof ProviderError && error.code === 'TP_ERR_PROVIDER_PROTOCOL',
          );
        });
      }
    }
  }
}

test('a message that is no object with a type is broken', () => {
  for (const text of ['', 'no json', '7', 'null', '[]', '{}', '{"type":7}']) {
    assert.throws(
      () => eventOf(text),
      (error: unknown) => error instanceof ProviderError && error.code === 'TP_ERR_PROVIDER_PROTOCOL',
    );
  }
});

test('a message that is broken is not repeated', () => {
  const secret = 'my number is 0123';
  for (const text of [
    secret,
    JSON.stringify({ type: 'response.output_audio.delta', ...of, delta: secret }),
    JSON.stringify({ type: 'response.done', response: { id: 'resp_1', status: secret } }),
  ]) {
    assert.throws(
      () => eventOf(text),
      (error: Error) => !error.message.includes('number'),
    );
  }
});

test('a response ends in one of the ways that the protocol knows', () => {
  const outcome = (response: object): unknown => {
    const event = parsed({ type: 'response.done', response: { id: 'resp_1', ...response } });
    return event?.type === 'response-done' ? event.outcome : undefined;
  };
  assert.equal(outcome({ status: 'cancelled', status_details: { reason: 'client_cancelled' } }), { status: 'cancelled' });
  assert.equal(outcome({ status: 'failed', status_details: { error: { type: 'server_error', code: 'x' } } }), {
    status: 'failed',
    fault: { type: 'server_error', code: 'x' },
  });
  assert.equal(outcome({ status: 'incomplete', status_details: { reason: 'content_filter' } }), {
    status: 'incomplete',
    fault: { type: 'incomplete', code: 'content_filter' },
  });
  assert.throws(() => outcome({ status: 'in_progress' }));
  assert.throws(() => outcome({}));
});

test('what does not matter here is passed over', () => {
  for (const type of [
    'rate_limits.updated',
    'conversation.item.added',
    'response.function_call_arguments.delta',
    'input_audio_buffer.speech_stopped',
    'something.new',
  ]) {
    assert.is(parsed({ type }), undefined);
  }
});

test.run();
