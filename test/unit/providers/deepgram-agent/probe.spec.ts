import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EmulatedDeepgramAgent } from '#emulators/deepgram-agent.js';
import type { Fault } from '#emulators/fault.js';
import { systemClock } from '#talkpath/base/clock.js';
import { accountUrl } from '#talkpath/providers/deepgram-agent/probe.js';
import { createDeepgramAgentProvider } from '#talkpath/providers/deepgram-agent/provider.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { within } from '../../../support/deadline.js';
import { settingsFor } from './agent-call.js';

async function probe(url: string, settings: object = {}, signal = new AbortController().signal): Promise<string> {
  const provider = createDeepgramAgentProvider('agent', settingsFor(url, settings), systemClock);
  const asked = provider.probe?.(signal) ?? Promise.reject(new Error('nothing can be asked'));
  return within(
    3000,
    'an answer',
    asked.then(
      () => 'well',
      (error: unknown) => {
        assert.instance(error, ProviderError);
        assert.not.match((error as ProviderError).message, /emulated-key/);
        return (error as ProviderError).code;
      },
    ),
  );
}

test('a service that would take a call is well, and one that would not is told by its kind', async () => {
  const cases: [Fault | undefined, object, string][] = [
    [undefined, {}, 'well'],
    [undefined, { api_key: 'other' }, 'TP_ERR_PROVIDER_REFUSED'],
    [{ type: 'refuse' }, {}, 'TP_ERR_PROVIDER_CONNECT'],
    [{ type: 'status', status: 429 }, {}, 'TP_ERR_PROVIDER_BUSY'],
    [{ type: 'status', status: 503 }, {}, 'TP_ERR_PROVIDER_BUSY'],
    [{ type: 'status', status: 500 }, {}, 'TP_ERR_PROVIDER_CONNECT'],
    [{ type: 'status', status: 403 }, {}, 'TP_ERR_PROVIDER_REFUSED'],
  ];
  for (const [fault, settings, expected] of cases) {
    const service = new EmulatedDeepgramAgent();
    await service.listen();
    service.fault = fault;
    try {
      assert.is(await probe(service.url, settings), expected, JSON.stringify({ fault, settings }));
      assert.equal(service.conversations, []);
    } finally {
      await service.close();
    }
  }
});

test('a key that may hold conversations but see no projects is well', async () => {
  const service = new EmulatedDeepgramAgent();
  await service.listen();
  service.projectsStatus = 403;
  try {
    assert.is(await probe(service.url), 'well');
    assert.equal(service.violations, []);
  } finally {
    await service.close();
  }
});

test('a service that does not answer is waited for as long as the one who asks will', async () => {
  const service = new EmulatedDeepgramAgent();
  await service.listen();
  service.fault = { type: 'hang' };
  try {
    assert.is(await probe(service.url, {}, AbortSignal.timeout(50)), 'TP_ERR_PROVIDER_TIMEOUT');
    assert.is(await probe(service.url, {}, AbortSignal.abort()), 'TP_ERR_PROVIDER_CONNECT');
  } finally {
    await service.close();
  }
});

test('a key is not carried to where a service redirects to', async () => {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    assert.is(await probe(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), 'well');
    assert.equal(asked.sort(), ['/v1/agent/settings/think/models', '/v1/projects']);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('the account is asked for beside the host of the conversations, and of others at the same place', () => {
  assert.is(accountUrl('https://agent.deepgram.com'), 'https://api.deepgram.com');
  assert.is(accountUrl('https://agent.eu.deepgram.com'), 'https://api.eu.deepgram.com');
  assert.is(accountUrl('https://api.eu.deepgram.com'), 'https://api.eu.deepgram.com');
  assert.is(accountUrl('https://agent.example.org/deepgram'), 'https://agent.example.org/deepgram');
  assert.is(accountUrl('http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
});

test.run();
