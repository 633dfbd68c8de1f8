import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KeptConnections } from '#talkpath/providers/network/kept-connections.js';
import { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { eventually, within } from '../../../support/deadline.js';

let server: Server;
let sockets: Set<Socket>;
let connected: number;
let connections: KeptConnections;
let respond: (request: IncomingMessage, response: ServerResponse) => void;

test.before.each(async () => {
  sockets = new Set();
  connected = 0;
  server = createServer((request, response) => respond(request, response));
  server.on('connection', (socket) => {
    connected += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  connections = new KeptConnections({ who: 'test', mostBytes: 1 << 20 });
});

test.after.each(async () => {
  connections.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/path`;
const ask = (init: RequestInit = {}): Promise<Response> => within(2000, 'an answer', connections.fetch(url(), init));

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await within(2000, 'an outcome', work);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

test('a request and its answer are what they are with fetch()', async () => {
  respond = (request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      const { host: _, connection: __, ...headers } = request.headers;
      response.writeHead(418, { 'x-answer': 'yes' }).end(JSON.stringify({ method: request.method, path: request.url, body, headers }));
    });
  };
  const response = await ask({ method: 'POST', body: 'words', headers: new Headers({ 'X-Question': 'why' }) });
  assert.is(response.status, 418);
  assert.is(response.headers.get('x-answer'), 'yes');
  const { headers, ...rest } = (await response.json()) as { headers: Record<string, string> };
  assert.equal(rest, { method: 'POST', path: '/path', body: 'words' });
  assert.is(headers['x-question'], 'why');
});

test('requests one after the other use one connection', async () => {
  respond = (_request, response) => void response.end('yes');
  for (let i = 0; i < 5; i += 1) assert.is(await (await ask()).text(), 'yes');
  assert.is(connected, 1);
});

test('an answer without a body is one', async () => {
  for (const status of [204, 304]) {
    respond = (_request, response) => void response.writeHead(status).end();
    const response = await ask();
    assert.is(response.status, status);
    assert.is(await response.text(), '');
  }
});

test('a form is sent as fetch() sends it', async () => {
  respond = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const form = await new Response(Buffer.concat(parts), { headers }).formData();
      const file = form.get('file') as File;
      response.end(
        JSON.stringify([request.headers['content-length'], String(Buffer.concat(parts).length), form.get('model'), file.name, await file.text()]),
      );
    });
  };
  const body = new FormData();
  body.set('model', 'm');
  body.set('file', new File(['words'], 'speech.wav', { type: 'audio/wav' }));
  const [told, length, ...rest] = (await (await ask({ method: 'POST', body })).json()) as string[];
  assert.is(told, length);
  assert.equal(rest, ['m', 'speech.wav', 'words']);
});

test('of what tells of an error no more than 16 KiB is read', async () => {
  for (const [bytes, code] of [
    [16 << 10, undefined],
    [(16 << 10) + 1, 'TP_ERR_PROVIDER_PROTOCOL'],
  ] as const) {
    for (const status of [302, 401, 500]) {
      respond = (_request, response) => void response.writeHead(status).end('x'.repeat(bytes));
      const response = await ask();
      assert.is(response.status, status);
      assert.is(await codeOf(response.text()), code);
    }
  }
});

test('no redirect is followed', async () => {
  respond = (_request, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/elsewhere' }).end();
  assert.is((await ask({ method: 'POST', body: 'words' })).status, 307);
});

test('an answer that does not end is broken off', async () => {
  respond = (_request, response) => {
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  };
  const response = await ask();
  const error = await within(2000, 'the end', response.text()).catch((thrown: unknown) => thrown);
  assert.instance(error, ProviderError);
  assert.is((error as ProviderError).code, 'TP_ERR_PROVIDER_PROTOCOL');
  await eventually(1000, 'the connection is gone', () => sockets.size === 0, 5);
});

test('an answer in far too many pieces is broken off, and pieces that came together are one', async () => {
  let written = 0;
  respond = (_request, response) => {
    const more = (): void => {
      while (written < 8000 && response.write('x')) written += 1;
      if (written < 8000) response.once('drain', more);
    };
    more();
  };
  const response = await ask();
  let pieces = 0;
  const reading = (async () => {
    for await (const _piece of response.body ?? []) pieces += 1;
  })();
  assert.is(await codeOf(reading), 'TP_ERR_PROVIDER_PROTOCOL');
  assert.ok(pieces < 4000, `${pieces} pieces`);
  await eventually(1000, 'the connection is gone', () => sockets.size === 0, 5);
});

test('who answers with another protocol, or with a status that is none, is told of, and holds no connection', async () => {
  server.on('upgrade', () => {});
  for (const head of ['HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c', 'HTTP/1.1 700 What\r\nTransfer-Encoding: chunked']) {
    respond = (request) => void request.socket.write(`${head}\r\n\r\n`);
    assert.match(String(await codeOf(ask())), /^TP_ERR_PROVIDER_/, head);
    await eventually(1000, 'the connection is gone', () => sockets.size === 0, 5);
  }
});

test('a kept connection that the service has just closed is not the end of a request', async () => {
  let requests = 0;
  respond = (request, response) => {
    requests += 1;
    if (requests === 2) request.socket.resetAndDestroy();
    else response.end('yes');
  };
  await (await ask()).text();
  assert.is(await (await ask({ method: 'POST', body: 'words' })).text(), 'yes');
  assert.is(requests, 3);
  assert.is(connected, 2);
});

test('a fresh connection that is reset is not tried again', async () => {
  let requests = 0;
  respond = (request) => {
    requests += 1;
    request.socket.resetAndDestroy();
  };
  assert.is(await codeOf(ask()), 'ECONNRESET');
  assert.is(requests, 1);
});

test('who aborts gets the reason, before and after the answer, and the connection ends', async () => {
  respond = () => {};
  const before = new AbortController();
  const pending = ask({ signal: before.signal });
  await eventually(1000, 'the request is there', () => sockets.size === 1, 5);
  before.abort();
  assert.is(((await pending.catch((error: Error) => error)) as Error).name, 'AbortError');
  await eventually(1000, 'the connection is gone', () => sockets.size === 0, 5);

  respond = (_request, response) => void response.write('begin');
  const after = new AbortController();
  const text = (await ask({ signal: after.signal })).text();
  after.abort();
  assert.ok(
    await within(
      1000,
      'the end',
      text.catch((error: unknown) => error),
    ),
  );
  await eventually(1000, 'the connection is gone', () => sockets.size === 0, 5);
  assert.is(((await ask({ signal: AbortSignal.abort() }).catch((error: Error) => error)) as Error).name, 'AbortError');
});

test('the signal of a request that is over does not touch the next on its connection', async () => {
  respond = (_request, response) => void response.end('yes');
  const first = new AbortController();
  await (await ask({ signal: first.signal })).text();
  await eventually(1000, 'nothing listens to it', () => getEventListeners(first.signal, 'abort').length === 0, 1);
  const second = await ask();
  first.abort();
  assert.is(await second.text(), 'yes');
  assert.is(connected, 1);
});

test('who gives an answer up ends the connection', async () => {
  respond = (_request, response) => void response.write('begin');
  await (await ask()).body?.cancel();
  await eventually(1000, 'the connection is gone', () => sockets.size === 0, 5);
});

test('a request that is given up at the very moment of its answer ends like any other', async () => {
  respond = (_request, response) => void response.end('yes');
  for (let i = 0; i < 20; i += 1) {
    const abort = new AbortController();
    const text = ask({ signal: abort.signal }).then((response) => {
      abort.abort();
      return response.text();
    });
    assert.ok(await text.catch((error: unknown) => error));
  }
});

test('requests that are given up at any moment leave nothing behind', async () => {
  respond = (_request, response) => {
    response.write('one ');
    setImmediate(() => {
      response.write('two ');
      setImmediate(() => response.end('three'));
    });
  };
  for (let i = 0; i < 300; i += 1) {
    const abort = new AbortController();
    const work = connections
      .fetch(url(), { method: 'POST', body: 'words', signal: abort.signal })
      .then(async (response) => {
        if (i % 3 === 0) return response.body?.cancel();
        if (i % 3 === 1) return response.text();
        const reader = response.body?.getReader();
        await reader?.read();
        return undefined;
      })
      .catch(() => undefined);
    for (let step = 0; step < i % 17; step += 1) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await within(1000, `request ${i}`, work);
  }
  respond = (_request, response) => void response.end('yes');
  assert.is(await (await ask()).text(), 'yes');
});

test('what came before a connection was lost is read before the loss is told', async () => {
  respond = (_request, response) => {
    response.write('one ');
    response.write('two', () => response.destroy());
  };
  const reader = (await ask()).body?.getReader();
  await eventually(1000, 'the connection is lost', () => sockets.size === 0, 5);
  let text = '';
  const decoder = new TextDecoder();
  const outcome = (async () => {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) text += decoder.decode(read.value as Uint8Array);
  })();
  assert.is(await codeOf(outcome), 'ECONNRESET');
  assert.is(text, 'one two');
});

test('an answer that nobody reads yet frees its connection', async () => {
  respond = (_request, response) => void response.end('yes');
  const first = await ask();
  assert.is(await (await ask()).text(), 'yes');
  assert.is(await first.text(), 'yes');
});

test('close() ends what is under way, and nothing is asked after it', async () => {
  respond = () => {};
  const pending = ask();
  await eventually(1000, 'the request is there', () => sockets.size === 1, 5);
  connections.close();
  assert.is(await codeOf(pending), 'ECONNRESET');
  await eventually(1000, 'the connection is gone', () => sockets.size === 0, 5);
  assert.is(await codeOf(ask()), 'TP_ERR_PROVIDER_CONNECT');
});

test.run();
