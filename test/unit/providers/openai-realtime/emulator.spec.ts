import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { OpenAiRealtimeService } from '#emulators/openai-realtime.js';
import { within } from '../../../support/deadline.js';

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

const pcmu = { format: { type: 'audio/pcmu' } };
const manual = { type: 'realtime', audio: { input: { ...pcmu, turn_detection: null }, output: pcmu } };

/** A client of another hand, which may do wrong. */
class Client {
  readonly heard: Message[] = [];
  closeCode: number | undefined;
  readonly #socket: WebSocket;

  constructor(
    readonly service: OpenAiRealtimeService,
    { query = '?model=gpt-realtime', headers = { Authorization: 'Bearer sk-test' } }: { query?: string; headers?: Record<string, string> } = {},
  ) {
    this.#socket = new WebSocket(`${service.base.replace('http', 'ws')}/realtime${query}`, { headers });
    this.#socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as Message));
    this.#socket.on('error', () => {});
    this.#socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The newest message of this type, when there have been so many. */
  async message(type: string, count = 1): Promise<Message> {
    for (;;) {
      const found = this.heard.filter((message) => message.type === type)[count - 1];
      if (found) return found;
      await within(2000, `a message ${type}`, new Promise((resolve) => this.#socket.once('message', resolve)));
    }
  }

  async refusal(count = 1): Promise<unknown> {
    return ((await this.message('error', count)).error as { code: unknown }).code;
  }

  async closed(): Promise<void> {
    if (this.closeCode === undefined) await within(2000, 'the end', new Promise((resolve) => this.#socket.once('close', resolve)));
  }

  end(): void {
    this.#socket.terminate();
  }
}

/** A test with a client that is connected, and set up as `session` says. */
function emulated(name: string, run: (client: Client) => Promise<void>, session: object = manual): void {
  test(name, async () => {
    const service = new OpenAiRealtimeService();
    await service.listen();
    const client = new Client(service);
    try {
      await client.message('session.created');
      client.send({ type: 'session.update', session });
      await client.message('session.updated');
      await run(client);
    } finally {
      client.end();
      await service.close();
    }
  });
}

const silence = (ms: number): Message => ({ type: 'input_audio_buffer.append', audio: Buffer.alloc(8 * ms, 0xff).toString('base64') });
const noise = (ms: number): Message => ({
  type: 'input_audio_buffer.append',
  audio: Buffer.from(Array.from({ length: 8 * ms }, (_, i) => (i % 8 < 4 ? 0x20 : 0xa0))).toString('base64'),
});

for (const [what, opening, code, closeCode] of [
  ['a wrong key', { headers: { Authorization: 'Bearer sk-other' } }, 'invalid_api_key', 3000],
  ['no key', { headers: {} }, 'invalid_api_key', 3000],
  ['no model', { query: '' }, 'missing_model', 4000],
  ['an unknown model', { query: '?model=gpt-nothing' }, 'invalid_model', 4000],
  ['the header of the beta', { headers: { Authorization: 'Bearer sk-test', 'OpenAI-Beta': 'realtime=v1' } }, 'beta_api_shape_disabled', 4000],
] as const) {
  test(`a client with ${what} is turned away after the handshake`, async () => {
    const service = new OpenAiRealtimeService();
    await service.listen();
    const client = new Client(service, opening as object);
    assert.is(await client.refusal(), code);
    await client.closed();
    assert.is(client.closeCode, closeCode);
    assert.is(service.violations.length, 1);
    await service.close();
  });
}

for (const [what, message, code] of [
  ['no JSON', '{', 'invalid_type'],
  ['an unknown type', { type: 'response.speak' }, 'invalid_value'],
  ['an unknown field', { type: 'input_audio_buffer.commit', now: true }, 'unknown_parameter'],
  ['a session without a type', { type: 'session.update', session: { instructions: 'x' } }, 'missing_required_parameter'],
  ['a format of the beta', { type: 'session.update', session: { type: 'realtime', input_audio_format: 'g711_ulaw' } }, 'unknown_parameter'],
  [
    'a format at a wrong rate',
    { type: 'session.update', session: { type: 'realtime', audio: { input: { format: { type: 'audio/pcm', rate: 8000 } } } } },
    'invalid_value',
  ],
  ['a number as text', { type: 'session.update', session: { type: 'realtime', audio: { output: { speed: '1' } } } }, 'invalid_value'],
  [
    'a tool with a space in its name',
    { type: 'session.update', session: { type: 'realtime', tools: [{ type: 'function', name: 'look up' }] } },
    'invalid_value',
  ],
  ['audio that is no base64', { type: 'input_audio_buffer.append', audio: 'a b' }, 'invalid_value'],
  [
    'audio of the assistant',
    { type: 'conversation.item.create', item: { type: 'message', role: 'assistant', content: [{ type: 'output_audio', audio: 'AAAA' }] } },
    'unknown_parameter',
  ],
  ['metadata that is no text', { type: 'response.create', response: { metadata: { turn: 1 } } }, 'invalid_value'],
  ['a fraction of a millisecond', { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 1.5 }, 'invalid_value'],
] as const) {
  emulated(`${what} is refused, and remembered`, async (client) => {
    client.send(message);
    assert.is(await client.refusal(), code);
    assert.is(client.service.violations.length, 1);
  });
}

emulated('the error names the message that it is about', async (client) => {
  client.send({ type: 'input_audio_buffer.commit', event_id: 'mine' });
  assert.is(await client.refusal(), 'input_audio_buffer_commit_empty');
  assert.is(((await client.message('error')).error as { event_id: string }).event_id, 'mine');
});

emulated('less than 100 ms cannot be committed, and more can', async (client) => {
  client.send(silence(99));
  client.send({ type: 'input_audio_buffer.commit' });
  assert.is(await client.refusal(), 'input_audio_buffer_commit_empty');
  client.send(silence(1));
  client.send({ type: 'input_audio_buffer.commit' });
  await client.message('input_audio_buffer.committed');
});

emulated('one response at a time is made', async (client) => {
  client.send({ type: 'response.create' });
  client.send({ type: 'response.create' });
  assert.is(await client.refusal(), 'conversation_already_has_active_response');
  assert.is(client.service.violations.length, 1);
  await client.message('response.done');
  client.send({ type: 'response.create' });
  await client.message('response.done', 2);
});

emulated('to cancel what is not there is an error, and no wrong', async (client) => {
  client.send({ type: 'response.cancel' });
  assert.is(await client.refusal(), 'response_cancel_not_active');
  assert.equal(client.service.violations, []);
});

emulated('no more audio can be kept of an item than it has, and no item is cut that is not there', async (client) => {
  client.send({ type: 'response.create' });
  await client.message('response.done');
  const item = client.service.session.conversation.items.find(({ role }) => role === 'assistant');
  client.send({ type: 'conversation.item.truncate', item_id: item?.id, content_index: 0, audio_end_ms: 401 });
  assert.is(await client.refusal(), 'invalid_value');
  client.send({ type: 'conversation.item.truncate', item_id: 'nothing', content_index: 0, audio_end_ms: 1 });
  assert.is(await client.refusal(2), 'item_truncate_invalid_item_id');
  client.send({ type: 'conversation.item.delete', item_id: 'nothing' });
  assert.is(await client.refusal(3), 'item_delete_invalid_item_id');
  client.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'nothing', output: '' } });
  assert.is(await client.refusal(4), 'invalid_tool_call_id');
  assert.is(client.service.violations.length, 4);
});

emulated(
  'it hears by the energy and the time of the audio, however fast that comes',
  async (client) => {
    client.send(silence(5000));
    client.send(noise(300));
    client.send(silence(280));
    client.send(noise(100));
    await client.message('input_audio_buffer.speech_started');
    client.send(silence(300));
    const { item_id } = await client.message('input_audio_buffer.committed');
    assert.is((await client.message('input_audio_buffer.speech_started')).item_id, item_id);
    assert.is(client.heard.filter(({ type }) => type === 'input_audio_buffer.committed').length, 1);
    assert.equal(client.service.violations, []);
  },
  {
    type: 'realtime',
    audio: { input: { ...pcmu, turn_detection: { type: 'server_vad', silence_duration_ms: 300, create_response: false } }, output: pcmu },
  },
);

emulated(
  'it answers by itself unless it is told not to',
  async (client) => {
    client.send(noise(300));
    client.send(silence(500));
    await client.message('response.done');
    assert.is(client.service.receivedOf('response.create').length, 0);
  },
  { type: 'realtime', audio: { input: { ...pcmu, turn_detection: { type: 'server_vad' } }, output: pcmu } },
);

test.run();
