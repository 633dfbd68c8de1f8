import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import { formats, settingsMessage } from '#talkpath/providers/deepgram-agent/settings-message.js';
import { callContext } from '../../../support/call-context.js';
import { eventually, within } from '../../../support/deadline.js';
import { mulaw, settingsFor } from './agent-call.js';

const settings = settingsMessage(settingsFor('https://agent.deepgram.com'), { input: mulaw, output: mulaw, call: callContext(), history: [] });

interface Client {
  readonly service: EmulatedDeepgramAgent;
  readonly socket: WebSocket;
  readonly messages: { readonly type: string; readonly code?: string }[];
  /** The message of that type, when it has come. */
  readonly until: (type: string) => Promise<{ readonly code?: string }>;
  readonly send: (message: object) => void;
}

/** A client of the test's own, which does wrong what the test wants. */
async function withClient(run: (client: Client) => Promise<void>): Promise<void> {
  const service = new EmulatedDeepgramAgent();
  await service.listen();
  const socket = new WebSocket(`${service.url.replace('http', 'ws')}/v1/agent/converse`, { headers: { authorization: 'Token emulated-key' } });
  const messages: { type: string; code?: string }[] = [];
  socket.on('message', (data: Buffer, isBinary) => messages.push(isBinary ? { type: 'audio' } : (JSON.parse(data.toString()) as { type: string })));
  socket.on('error', () => {});
  const until = (type: string) =>
    eventually(3000, `${type} after ${messages.map((message) => message.type).join()}`, () => messages.find((message) => message.type === type), 5);
  try {
    await run({ service, socket, messages, until, send: (message) => socket.send(JSON.stringify(message)) });
  } finally {
    socket.terminate();
    await service.close();
  }
}

/** The service says so, and remembers it. */
async function isWrong(client: Client, code: string, what: RegExp): Promise<void> {
  assert.is((await client.until('Error')).code, code);
  assert.match(client.service.violations.join('; '), what);
}

test('a handshake with another key, path or query is refused', async () => {
  const service = new EmulatedDeepgramAgent();
  await service.listen();
  try {
    const base = service.url.replace('http', 'ws');
    for (const [path, key, status] of [
      ['/v1/agent/converse', 'Token other', 401],
      ['/v1/agent/converse', 'Bearer emulated-key', 401],
      ['/v1/agent/converse?model=nova-3', 'Token emulated-key', 400],
      ['/v1/listen', 'Token emulated-key', 404],
    ] as const) {
      const socket = new WebSocket(`${base}${path}`, { headers: { authorization: key } });
      const answered = new Promise<number | undefined>((resolve) => {
        socket.on('unexpected-response', (_request, response) => {
          response.resume();
          resolve(response.statusCode);
        });
        socket.on('open', () => resolve(101));
        socket.on('error', () => {});
      });
      assert.is(await within(3000, 'an answer', answered), status, `${key} ${path}`);
      socket.terminate();
    }
    assert.is(service.violations.length, 4);
  } finally {
    await service.close();
  }
});

test('audio or a message before the settings is an error', async () => {
  await withClient(async (client) => {
    await client.until('Welcome');
    client.socket.send(Buffer.alloc(160));
    await isWrong(client, 'NON_SETTINGS_MESSAGE_BEFORE_SETTINGS', /audio came before/);
  });
  await withClient(async (client) => {
    await client.until('Welcome');
    client.send({ type: 'KeepAlive' });
    await isWrong(client, 'NON_SETTINGS_MESSAGE_BEFORE_SETTINGS', /KeepAlive came before/);
  });
});

test('settings that are not as published are an error', async () => {
  const agent = settings.agent;
  const think = { provider: { type: 'open_ai', model: 'gpt-4o-mini' } };
  const wrong: [object, RegExp][] = [
    [{ ...settings, audio: {} }, /audio.input is missing/],
    [{ ...settings, agent: { ...agent, language: 'en' } }, /agent.language is not known/],
    [{ ...settings, agent: { ...agent, listen: { model: 'nova-3' } } }, /listen.provider is missing/],
    [
      { ...settings, agent: { ...agent, speak: { provider: { type: 'deepgram', model: 'aura-2-thalia-en', language: 'en' } } } },
      /language is not known/,
    ],
    [
      {
        ...settings,
        agent: { ...agent, think: { ...think, functions: [{ name: 'book a table', description: '', parameters: { type: 'object' } }] } },
      },
      /name/,
    ],
    [
      { ...settings, agent: { ...agent, think: { ...think, functions: [{ name: 'book', description: '', parameters: {} }] } } },
      /schema of an object/,
    ],
    [{ ...settings, agent: { ...agent, context: { messages: [{ type: 'History', role: 'caller', content: 'Hi.' }] } } }, /role/],
    [{ ...settings, agent: { ...agent, context: { messages: [{ type: 'History', role: 'user', content: '' }] } } }, /content/],
  ];
  for (const [message, what] of wrong) {
    await withClient(async (client) => {
      await client.until('Welcome');
      client.send(message);
      await isWrong(client, 'UNPARSABLE_CLIENT_MESSAGE', what);
    });
  }
});

test('settings that cannot be are an error of their own', async () => {
  const { agent, audio } = settings;
  const wrong: [object, RegExp][] = [
    [{ ...settings, agent: { ...agent, listen: { provider: { type: 'deepgram', version: 'v1', model: 'flux-general-en' } } } }, /no model of v1/],
    [{ ...settings, agent: { ...agent, think: { provider: { type: 'groq', model: 'llama' } } } }, /needs an endpoint/],
    [{ ...settings, audio: { ...audio, input: { encoding: 'mulaw', sample_rate: 24_000 } } }, /mulaw at 24000/],
  ];
  for (const [message, what] of wrong) {
    await withClient(async (client) => {
      await client.until('Welcome');
      client.send(message);
      await isWrong(client, 'INVALID_SETTINGS', what);
    });
  }
});

test('settings that come twice, a message that is not known and one with a field too many are errors', async () => {
  const wrong: [object, string, RegExp][] = [
    [settings, 'SETTINGS_ALREADY_APPLIED', /twice/],
    [{ type: 'Speak', text: 'Hello.' }, 'UNPARSABLE_CLIENT_MESSAGE', /Speak is not known/],
    [{ type: 'InjectUserMessage', message: 'Hello.' }, 'UNPARSABLE_CLIENT_MESSAGE', /content is missing/],
    [{ type: 'InjectAgentMessage', message: 'Hello.', behavior: 'shout' }, 'UNPARSABLE_CLIENT_MESSAGE', /behavior/],
    [{ type: 'ForceEndTurn', turn: 1 }, 'UNPARSABLE_CLIENT_MESSAGE', /turn is not known/],
  ];
  for (const [message, code, what] of wrong) {
    await withClient(async (client) => {
      await client.until('Welcome');
      client.send(settings);
      await client.until('SettingsApplied');
      client.send(message);
      await isWrong(client, code, what);
    });
  }
});

test('an answer to a call that was never made, and an end of the turn that the model cannot force, are noticed', async () => {
  await withClient(async (client) => {
    await client.until('Welcome');
    const listen = { provider: { type: 'deepgram', version: 'v1', model: 'nova-3' } };
    client.send({ ...settings, agent: { ...settings.agent, listen } });
    await client.until('SettingsApplied');
    client.send({ type: 'FunctionCallResponse', id: 'a', name: 'find', content: '' });
    client.send({ type: 'ForceEndTurn' });
    assert.is((await client.until('Warning')).code, 'FORCE_END_TURN_UNSUPPORTED');
    assert.match(client.service.violations.join('; '), /was not called.*needs a Flux model/);
  });
});

test('a client that is silent for too long is sent away', async () => {
  await withClient(async (client) => {
    client.service.quietMs = 30;
    await client.until('Welcome');
    // The time runs anew with each message, and is that of the next conversation.
    const other = new WebSocket(client.socket.url, { headers: { authorization: 'Token emulated-key' } });
    const closed = new Promise<number>((resolve) => other.on('close', resolve));
    assert.is(await within(3000, 'the end', closed), 1011);
    assert.match(client.service.violations.join(), /silent/);
  });
});

test('speech is heard by its energy and in the audio’s own time, in every format', async () => {
  for (const input of formats) {
    await withClient(async (client) => {
      await client.until('Welcome');
      client.send(settingsMessage(settingsFor('https://agent.deepgram.com'), { input, output: mulaw, call: callContext(), history: [] }));
      await client.until('SettingsApplied');
      const bytesPerMs = (input.rateHz / 1000) * (input.encoding === 'pcm16' ? 2 : 1);
      const [loud, quiet] = { mulaw: [0x1f, 0xff], alaw: [0x35, 0xd5], pcm16: [0x10, 0x00] }[input.encoding] as [number, number];
      client.socket.send(Buffer.alloc(80 * bytesPerMs, loud));
      client.socket.send(Buffer.alloc(400 * bytesPerMs, quiet));
      await client.service.conversation.flushed();
      assert.is(client.messages.length, 2, input.encoding);
      client.socket.send(Buffer.alloc(120 * bytesPerMs, loud));
      await client.until('UserStartedSpeaking');
      client.socket.send(Buffer.alloc(200 * bytesPerMs, quiet));
      await client.until('AgentAudioDone');
      assert.equal(
        [...new Set(client.messages.map(({ type }) => type))].filter((type) => type !== 'LatencyReport'),
        ['Welcome', 'SettingsApplied', 'UserStartedSpeaking', 'ConversationText', 'EndOfTurn', 'audio', 'AgentAudioDone'],
      );
      assert.equal(client.service.violations, []);
    });
  }
});

test.run();
