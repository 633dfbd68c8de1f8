import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BookingService } from '#emulators/booking.js';
import { systemClock } from '#talkpath/base/clock.js';
import { type Exchange, httpExchange } from '#talkpath/tools/http-exchange.js';
import { eventually, within } from '../../support/deadline.js';

interface Bench {
  service: BookingService;
  readonly servers: Server[];
}

const test = suite<Bench>('an HTTP exchange');
test.before.each(async (bench) => {
  bench.service = new BookingService();
  await bench.service.listen();
  Object.assign(bench, { servers: [] });
});
test.after.each(async ({ service, servers }) => {
  await service.close();
  for (const server of servers) server.close();
});

const body = JSON.stringify({ call_id: 'call', tool: 'book', arguments: {} });
const headers = {
  authorization: 'Bearer booking-secret',
  'content-type': 'application/json',
  'content-length': String(body.length),
  'idempotency-key': 'a'.repeat(64),
};

function send(url: string, { timeoutMs = 1000, signal = new AbortController().signal, method = 'POST' } = {}): Promise<Exchange> {
  const exchange = httpExchange(systemClock)(
    { method, url: new URL(url), headers, body: method === 'GET' ? undefined : body },
    { timeoutMs, signal },
  );
  return within(5000, 'the exchange ends', exchange);
}

/** A server that does with each connection what it is told. */
async function raw({ servers }: Bench, onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('an answer comes with its status and text, and the connection is given up', async ({ service }) => {
  assert.equal(await send(`${service.url}/bookings`), { type: 'answer', status: 200, retryAfter: undefined, text: '{"booked":1}' });
  assert.equal(service.violations, []);
  await eventually(2000, 'no connection stays', () => service.openConnections === 0);
});

test('the body of a failure is not read', async ({ service }) => {
  service.next.push({ type: 'status', status: 503, isBooked: false, headers: { 'retry-after': '7' } });
  assert.equal(await send(`${service.url}/bookings`), { type: 'answer', status: 503, retryAfter: '7', text: undefined });
});

test('a redirect is not followed', async ({ service }) => {
  service.next.push({ type: 'status', status: 307, isBooked: false, headers: { location: `${service.url}/bookings` } });
  assert.is(((await send(`${service.url}/bookings`)) as { status: number }).status, 307);
  assert.is(service.received.length, 1);
});

test('text and JSON are taken, other things are not, and neither is more than 16 KB', async ({ service }) => {
  const texts: [contentType: string, body: string | Uint8Array, text: string | undefined][] = [
    ['text/plain; charset=utf-8', 'grüße', 'grüße'],
    ['application/problem+json', '{}', '{}'],
    ['', 'bare', 'bare'],
    ['image/png', 'png', undefined],
    ['text/plain', new Uint8Array([0xff, 0xfe]), undefined],
    ['text/plain', 'x'.repeat(16_384), 'x'.repeat(16_384)],
    ['text/plain', 'x'.repeat(16_385), undefined],
  ];
  for (const [contentType, content, text] of texts) {
    service.next.push({ type: 'answer', body: content, contentType });
    assert.is(((await send(`${service.url}/bookings`)) as { text: string | undefined }).text, text, contentType);
  }
});

test('an answer without an end is cut off', async ({ service }) => {
  service.next.push({ type: 'flood' });
  assert.is(((await send(`${service.url}/bookings`)) as { text: string | undefined }).text, undefined);
  await eventually(2000, 'no connection stays', () => service.openConnections === 0);
});

test('a request that has left and is not answered is lost, whatever the reason', async (bench) => {
  const { service } = bench;
  const reasons: string[] = [];
  for (const behaviour of [{ type: 'close', isBooked: true }, { type: 'garbage' }, { type: 'cut' }] as const) {
    service.next.push(behaviour);
    const exchange = await send(`${service.url}/bookings`);
    assert.is(exchange.type, 'lost', behaviour.type);
    reasons.push((exchange as { reason: string }).reason);
  }
  assert.equal([reasons[0], reasons[1]?.slice(0, 4)], ['ECONNRESET', 'HPE_']);
  const port = await raw(bench, (socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n')),
  );
  assert.is((await send(`http://127.0.0.1:${port}`)).type, 'lost');
});

test('a service that does not answer in time has got the request all the same', async ({ service }) => {
  service.next.push({ type: 'hang', isBooked: true });
  assert.equal(await send(`${service.url}/bookings`, { timeoutMs: 100 }), { type: 'lost', reason: 'nothing came within 100 ms' });
  assert.is(service.booked.length, 1);
  await eventually(2000, 'no connection stays', () => service.openConnections === 0);
});

test('where nobody listens, or no such machine is, nothing has left', async (bench) => {
  const port = await raw(bench, () => {});
  const [server] = bench.servers;
  server?.close();
  assert.equal(await send(`http://127.0.0.1:${port}`), { type: 'unsent', reason: 'ECONNREFUSED' });
  assert.is((await send('http://nowhere.invalid')).type, 'unsent');
});

test('a server that does not speak TLS, or never gets to its end, has got nothing', async (bench) => {
  let requests = 0;
  const plain = createHttpServer(() => {
    requests += 1;
  });
  bench.servers.push(plain);
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const wrong = await send(`https://127.0.0.1:${(plain.address() as AddressInfo).port}`);
  assert.equal([wrong.type, requests], ['unsent', 0]);
  let bytes = '';
  const port = await raw(bench, (socket) => socket.on('data', (data) => (bytes += data.toString('latin1'))));
  assert.equal(await send(`https://127.0.0.1:${port}`, { timeoutMs: 150 }), { type: 'unsent', reason: 'nothing came within 150 ms' });
  assert.not.match(bytes, 'booking-secret');
});

test('an exchange that is called off is over at once', async ({ service }) => {
  assert.equal(await send(`${service.url}/bookings`, { signal: AbortSignal.abort() }), { type: 'unsent', reason: 'it was called off' });
  const calling = new AbortController();
  service.next.push({ type: 'hang', isBooked: false });
  service.onReceived = () => calling.abort();
  assert.equal(await send(`${service.url}/bookings`, { signal: calling.signal }), { type: 'lost', reason: 'it was called off' });
  await eventually(2000, 'no connection stays', () => service.openConnections === 0);
});

test.run();
