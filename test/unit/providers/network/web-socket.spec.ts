import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '#talkpath/base/clock.js';
import type { ProviderError } from '#talkpath/providers/network/provider-error.js';
import { openSocket, type ServiceSocket, type SocketOptions } from '#talkpath/providers/network/web-socket.js';
import { within } from '../../../support/deadline.js';

interface Bench {
  server: Server;
  sockets: WebSocketServer;
  url: string;
  texts: string[];
  lost: Promise<ProviderError>;
  open: (options?: Partial<SocketOptions>) => Promise<ServiceSocket>;
  accepted: () => Promise<WebSocket>;
  refuse: ((socket: Socket) => void) | undefined;
}

const test = suite<Bench>('service socket');

test.before.each(async (context) => {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const waiting: WebSocket[] = [];
  server.on('upgrade', (request, socket, head) => {
    if (context.refuse) context.refuse(socket as Socket);
    else sockets.handleUpgrade(request, socket, head, (accepted) => waiting.push(accepted) && server.emit('accepted'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let onLost: (error: ProviderError) => void = () => {};
  Object.assign(context, {
    server,
    sockets,
    refuse: undefined,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts: [],
    lost: new Promise<ProviderError>((resolve) => {
      onLost = resolve;
    }),
    open: (options: Partial<SocketOptions> = {}) =>
      openSocket({
        who: 'cloud',
        url: context.url,
        headers: { Authorization: 'Bearer secret-key' },
        clock: systemClock,
        connectMs: 2000,
        signal: new AbortController().signal,
        onText: (text) => context.texts.push(text),
        onLost: (error) => onLost(error),
        ...options,
      }),
    accepted: async () => {
      if (waiting.length === 0) await once(server, 'accepted');
      return waiting.shift() as WebSocket;
    },
  });
});

test.after.each(({ server, sockets }) => {
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
  server.close();
});

const refusal = (opening: Promise<unknown>): Promise<ProviderError> =>
  within(
    3000,
    'the socket is refused',
    opening.then(
      () => assert.unreachable('it was opened') as never,
      (error: ProviderError) => error,
    ),
  );

test('messages go both ways, and the key with the handshake alone', async ({ open, accepted, texts }) => {
  const socket = await open();
  const peer = await accepted();
  const heard = once(peer, 'message');
  socket.sendJson({ type: 'hello' });
  assert.equal(JSON.parse(String((await within(1000, 'hello', heard))[0])), { type: 'hello' });
  peer.send('one');
  peer.send('two');
  const closed = once(peer, 'close');
  peer.ping();
  await once(peer, 'pong');
  assert.equal(texts, ['one', 'two']);
  socket.close();
  assert.is((await within(1000, 'the goodbye', closed))[0], 1000);
});

for (const [status, code, retryAfterMs] of [
  [401, 'TP_ERR_PROVIDER_REFUSED', undefined],
  [403, 'TP_ERR_PROVIDER_REFUSED', undefined],
  [404, 'TP_ERR_PROVIDER_REQUEST', undefined],
  [429, 'TP_ERR_PROVIDER_BUSY', 7000],
  [503, 'TP_ERR_PROVIDER_BUSY', 7000],
  [500, 'TP_ERR_PROVIDER_CONNECT', 7000],
] as const) {
  test(`a handshake answered with ${status} is told as ${code}`, async (context) => {
    context.refuse = (socket) => socket.end(`HTTP/1.1 ${status} No\r\nRetry-After: 7\r\nContent-Length: 6\r\n\r\nsecret`);
    const error = await refusal(context.open());
    assert.equal([error.code, error.retryAfterMs], [code, retryAfterMs]);
    assert.is(error.message, `cloud answered with HTTP status ${status}`);
    assert.is(error.isRetryable, !['TP_ERR_PROVIDER_REFUSED', 'TP_ERR_PROVIDER_REQUEST'].includes(code));
  });
}

test('a service that never answers is given up in time, and its connection is closed', async () => {
  const silent = createTcpServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const connected = once(silent, 'connection');
  const signal = new AbortController().signal;
  const opening = openSocket({
    who: 'cloud',
    url: `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    headers: {},
    clock: systemClock,
    connectMs: 150,
    signal,
    onText() {},
    onLost() {},
  });
  const [socket] = (await connected) as [Socket];
  socket.resume();
  const closed = once(socket, 'close');
  const error = await refusal(opening);
  assert.equal([error.code, error.message], ['TP_ERR_PROVIDER_TIMEOUT', 'cloud did not accept a connection within 150 ms']);
  await within(1000, 'the connection is closed', closed);
  silent.close();
});

test('a port where nobody listens is told with the kind of failure and no address', async ({ open }) => {
  const error = await refusal(open({ url: 'ws://127.0.0.1:9' }));
  assert.equal([error.code, error.message], ['TP_ERR_PROVIDER_CONNECT', 'cloud cannot be reached: ECONNREFUSED']);
});

test('a connection that the service closes is lost once, with its code', async ({ open, accepted, lost }) => {
  const socket = await open();
  (await accepted()).close(1011, 'secret words');
  const error = await within(1000, 'the loss', lost);
  assert.equal([error.code, error.message], ['TP_ERR_PROVIDER_LOST', 'cloud closed the connection with code 1011']);
  socket.sendJson({ after: 'the end' });
  socket.close();
});

test('what breaks the protocol of sockets is told as that', async ({ open, accepted, lost }) => {
  await open();
  const peer = (await accepted()) as unknown as { _socket: Socket };
  peer._socket.write(Buffer.from([0x8f, 0x01, 0x00]));
  assert.is((await within(1000, 'the loss', lost)).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

test('a message larger than any can be ends the connection', async ({ open, accepted, lost }) => {
  await open();
  (await accepted()).send('x'.repeat((2 << 20) + 1));
  assert.is((await within(3000, 'the loss', lost)).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

for (const [what, message, count] of [
  ['more messages than anybody sends', '{}', 10_000],
  ['more bytes than anybody sends', 'x'.repeat(1 << 20), 16],
] as const) {
  test(`${what} end the connection, and what came before them is read`, async ({ open, accepted, lost, texts }) => {
    let nowMs = 0;
    await open({ clock: { ...systemClock, nowMs: () => nowMs } });
    const peer = await accepted();
    for (let i = 0; i < count; i += 1) peer.send(message);
    peer.ping();
    await once(peer, 'pong');
    nowMs += 1000;
    peer.send(message);
    peer.ping();
    await once(peer, 'pong');
    assert.is(texts.length, count + 1, 'a second later there is room again');
    for (let i = 0; i < count; i += 1) peer.send(message);
    assert.match((await within(5000, 'the loss', lost)).message, /more than anybody can hear/);
  });
}

test('binary where the protocol knows none ends the connection', async ({ open, accepted, lost }) => {
  await open();
  (await accepted()).send(Buffer.from([1, 2]));
  assert.is((await within(1000, 'the loss', lost)).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

test('a service that takes nothing any more is lost before memory is', async ({ open, accepted, lost }) => {
  const socket = await open();
  const peer = (await accepted()) as unknown as { _socket: Socket };
  peer._socket.pause();
  const frame = new Uint8Array(64 << 10);
  let isLost = false;
  void lost.then(() => {
    isLost = true;
  });
  for (let i = 0; i < 500 && !isLost; i += 1) {
    socket.sendBytes(frame);
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match((await within(1000, 'the loss', lost)).message, /takes nothing any more/);
});

test('a call that ends while the socket is opened lets go of it', async (context) => {
  context.refuse = () => {};
  const abort = new AbortController();
  const opening = context.open({ signal: abort.signal });
  abort.abort();
  assert.match((await refusal(opening)).message, /The call ended/);
});

test('a service that answers pings which nobody has sent, without end, is cut off', async (bench) => {
  await bench.open();
  const socket = await bench.accepted();
  for (let pongs = 0; pongs < 20_000; pongs += 1) socket.pong();
  assert.is((await within(5000, 'the loss', bench.lost)).code, 'TP_ERR_PROVIDER_PROTOCOL');
});

test('what cannot be read of a service loses its session, and nothing else', async (bench) => {
  await bench.open({
    onText: () => {
      throw new RangeError('Maximum call stack size exceeded');
    },
  });
  (await bench.accepted()).send('[[[[');
  const error = await within(2000, 'the loss', bench.lost);
  assert.equal([error.code, error.message], ['TP_ERR_PROVIDER_PROTOCOL', 'cloud sent what cannot be read: RangeError']);
});

test.run();
