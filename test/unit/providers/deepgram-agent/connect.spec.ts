import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import type { Fault } from '#emulators/fault.js';
import { systemClock } from '#talkpath/base/clock.js';
import { createDeepgramAgentProvider } from '#talkpath/providers/deepgram-agent/provider.js';
import { ProviderError, type ProviderErrorCode } from '#talkpath/providers/network/provider-error.js';
import type { ConnectOptions, ProviderEvent, ProviderSession } from '#talkpath/providers/provider.js';
import { callContext } from '../../../support/call-context.js';
import { eventually, within } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { mulaw, settingsFor } from './agent-call.js';

interface Attempt {
  readonly service: EmulatedDeepgramAgent;
  readonly clock: ManualClock;
  readonly abort: AbortController;
  readonly events: ProviderEvent[];
  readonly connect: (settings?: object) => Promise<ProviderSession>;
}

/** A service that nobody has connected to yet. */
async function withService(run: (attempt: Attempt) => Promise<void>): Promise<void> {
  const service = new EmulatedDeepgramAgent();
  await service.listen();
  const clock = new ManualClock();
  const abort = new AbortController();
  const events: ProviderEvent[] = [];
  const connect = (settings: object = {}): Promise<ProviderSession> => {
    const options: ConnectOptions = {
      signal: abort.signal,
      input: mulaw,
      output: mulaw,
      on: (event) => events.push(event),
      call: callContext(),
      history: [],
    };
    return createDeepgramAgentProvider('agent', settingsFor(service.url, settings), clock).connect(options);
  };
  try {
    await run({ service, clock, abort, events, connect });
  } finally {
    await service.close();
  }
}

/** The attempt fails so, and leaves no timer and no socket. */
async function fails({ service, clock, events }: Attempt, attempt: Promise<ProviderSession>, code: ProviderErrorCode): Promise<ProviderError> {
  const error = await within(3000, 'a refusal', attempt).then(
    () => assert.unreachable('a conversation stands') as never,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, ProviderError);
  assert.is((error as ProviderError).code, code, (error as ProviderError).message);
  assert.not.match((error as ProviderError).message, /emulated-key/);
  // Of a handshake that it does not answer the emulator does not notice the end.
  const left = service.fault?.type === 'hang' ? 1 : 0;
  await eventually(3000, 'the end of every connection', () => service.openConnections === left, 5);
  await eventually(3000, 'the end of every timer', () => clock.pending === 0, 5);
  assert.equal(events, []);
  return error as ProviderError;
}

test('what a service answers that will have no conversation is told by its kind', async () => {
  const faults: [Fault, ProviderErrorCode, boolean][] = [
    [{ type: 'refuse' }, 'TP_ERR_PROVIDER_CONNECT', true],
    [{ type: 'status', status: 401 }, 'TP_ERR_PROVIDER_REFUSED', false],
    [{ type: 'status', status: 403 }, 'TP_ERR_PROVIDER_REFUSED', false],
    [{ type: 'status', status: 404 }, 'TP_ERR_PROVIDER_REQUEST', false],
    [{ type: 'status', status: 429, retryAfterS: 7 }, 'TP_ERR_PROVIDER_BUSY', true],
    [{ type: 'status', status: 500 }, 'TP_ERR_PROVIDER_CONNECT', true],
    [{ type: 'status', status: 503 }, 'TP_ERR_PROVIDER_BUSY', true],
  ];
  for (const [fault, code, isRetryable] of faults) {
    await withService(async (attempt) => {
      attempt.service.fault = fault;
      const error = await fails(attempt, attempt.connect(), code);
      assert.is(error.isRetryable, isRetryable);
      if ('retryAfterS' in fault) assert.is(error.retryAfterMs, 7000);
    });
  }
});

test('a key that the service does not know is refused', async () => {
  await withService(async (attempt) => {
    await fails(attempt, attempt.connect({ api_key: 'other' }), 'TP_ERR_PROVIDER_REFUSED');
    assert.is(attempt.service.violations.length, 1);
  });
});

test('a service that does not answer is waited for no longer than is set, wherever it falls silent', async () => {
  for (const silentFrom of ['handshake', 'welcome', 'settings'] as const) {
    await withService(async (attempt) => {
      const { service, clock } = attempt;
      if (silentFrom === 'handshake') service.fault = { type: 'hang' };
      else service.silentFrom = silentFrom;
      const connecting = attempt.connect({ limits: { connect_ms: 700 } });
      connecting.catch(() => {});
      await eventually(3000, 'a connection', () => service.openConnections === 1, 5);
      if (silentFrom === 'settings') await eventually(3000, 'the settings', () => service.conversations[0]?.received.length === 1, 5);
      clock.advance(699);
      await service.conversations[0]?.flushed();
      assert.is(service.openConnections, 1);
      clock.advance(1);
      await fails(attempt, connecting, 'TP_ERR_PROVIDER_TIMEOUT');
    });
  }
});

test('an error of the service before the conversation stands is told by its code, and not by its words', async () => {
  const codes: [string, ProviderErrorCode][] = [
    ['INVALID_SETTINGS', 'TP_ERR_PROVIDER_REQUEST'],
    ['UNPARSABLE_CLIENT_MESSAGE', 'TP_ERR_PROVIDER_REQUEST'],
    ['INSUFFICIENT_PERMISSIONS', 'TP_ERR_PROVIDER_REFUSED'],
    ['FAILED_TO_START_LISTENING', 'TP_ERR_PROVIDER_CONNECT'],
    ['INTERNAL_SERVER_ERROR', 'TP_ERR_PROVIDER_CONNECT'],
  ];
  for (const [code, ours] of codes) {
    await withService(async (attempt) => {
      attempt.service.silentFrom = 'settings';
      const connecting = attempt.connect();
      connecting.catch(() => {});
      await eventually(3000, 'the settings', () => attempt.service.conversations[0]?.received.length === 1, 5);
      attempt.service.conversation.fail(code, 'the prompt says 4711');
      const error = await fails(attempt, connecting, ours);
      assert.match(error.message, new RegExp(code));
      assert.not.match(error.message, /4711/);
    });
  }
});

test('a service that has an error instead of a welcome is not waited for', async () => {
  await withService(async (attempt) => {
    attempt.service.welcome = { type: 'Error', code: 'INTERNAL_SERVER_ERROR', description: '' };
    await fails(attempt, attempt.connect(), 'TP_ERR_PROVIDER_CONNECT');
  });
});

test('settings that the service does not allow are an error of the request', async () => {
  await withService(async (attempt) => {
    await fails(attempt, attempt.connect({ speak_model: 'nobody' }), 'TP_ERR_PROVIDER_REQUEST');
    assert.match(attempt.service.violations.join(), /a voice/);
  });
});

test('a service that talks nonsense or breaks off before the conversation stands has failed', async () => {
  const ways: [(service: EmulatedDeepgramAgent) => void, ProviderErrorCode][] = [
    [(service) => service.conversation.tellText('{"type":'), 'TP_ERR_PROVIDER_PROTOCOL'],
    [(service) => service.conversation.tellText('[]'), 'TP_ERR_PROVIDER_PROTOCOL'],
    [(service) => service.conversation.tell({ type: 7 }), 'TP_ERR_PROVIDER_PROTOCOL'],
    [(service) => service.dropAll(), 'TP_ERR_PROVIDER_LOST'],
    [(service) => service.conversation.leave(), 'TP_ERR_PROVIDER_LOST'],
  ];
  for (const [way, code] of ways) {
    await withService(async (attempt) => {
      attempt.service.silentFrom = 'settings';
      const connecting = attempt.connect();
      connecting.catch(() => {});
      await eventually(3000, 'the settings', () => attempt.service.conversations[0]?.received.length === 1, 5);
      way(attempt.service);
      await fails(attempt, connecting, code);
    });
  }
});

test('audio and news before the conversation stands are passed over', async () => {
  await withService(async ({ service, connect, events, clock }) => {
    service.silentFrom = 'settings';
    const connecting = connect();
    await eventually(3000, 'the settings', () => service.conversations[0]?.received.length === 1, 5);
    const { conversation } = service;
    conversation.tellAudio(Buffer.alloc(160));
    conversation.tell({ type: 'UserStartedSpeaking' });
    conversation.tell({ type: 'ConversationText', role: 'user', content: 'Hello.' });
    conversation.tell({ type: 'Welcome', request_id: 'again' });
    conversation.tell({ type: 'SettingsApplied' });
    const session = await within(3000, 'a conversation', connecting);
    assert.equal(events, []);
    assert.is(conversation.received.length, 1);
    session.close();
    await eventually(3000, 'the end of every connection', () => service.openConnections === 0 && clock.pending === 0, 5);
  });
});

test('a call that ends while the conversation is being opened leaves nothing, at whatever moment', async () => {
  const moments: [string, (attempt: Attempt) => unknown, (attempt: Attempt) => boolean][] = [
    ['before it is begun', ({ abort }) => abort.abort(), () => true],
    ['in the handshake', ({ service }) => Object.assign(service, { fault: { type: 'hang' } }), ({ service }) => service.openConnections === 1],
    ['before the welcome', ({ service }) => Object.assign(service, { silentFrom: 'welcome' }), ({ service }) => service.openConnections === 1],
    [
      'before the settings are applied',
      ({ service }) => Object.assign(service, { silentFrom: 'settings' }),
      ({ service }) => service.conversations.length === 1,
    ],
  ];
  for (const [moment, prepare, isThere] of moments) {
    await withService(async (attempt) => {
      prepare(attempt);
      const connecting = attempt.connect();
      connecting.catch(() => {});
      await eventually(3000, moment, () => isThere(attempt), 5);
      attempt.abort.abort();
      await fails(attempt, connecting, 'TP_ERR_PROVIDER_CONNECT');
    });
  }
});

test('a conversation that stands is known by its abilities, and can be had with the system’s clock', async () => {
  const service = new EmulatedDeepgramAgent();
  await service.listen();
  try {
    const provider = createDeepgramAgentProvider('agent', settingsFor(service.url), systemClock);
    assert.is(provider.name, 'agent');
    assert.is(provider.abilities.turnTaking, 'own');
    for (const format of provider.abilities.inputs) {
      const on = (): void => {};
      const { signal } = new AbortController();
      const session = await provider.connect({ signal, input: format, output: format, on, call: callContext(), history: [] });
      session.close();
    }
    assert.equal(service.violations, []);
    await eventually(3000, 'the end of every connection', () => service.openConnections === 0, 5);
  } finally {
    await service.close();
  }
});

test.run();
