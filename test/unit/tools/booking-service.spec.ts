import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BookingService } from '#emulators/booking.js';

const test = suite<{ service: BookingService }>('the emulated booking service');
test.before.each(async (bench) => {
  bench.service = new BookingService();
  await bench.service.listen();
});
test.after.each(({ service }) => service.close());

const right = { call_id: 'call', tool: 'book', arguments: {} };

interface Wrong {
  readonly headers?: Record<string, string>;
  readonly without?: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: unknown;
}

async function ask(
  { service }: { service: BookingService },
  { headers = {}, without, path = '/bookings', method = 'POST', body = right }: Wrong = {},
) {
  const all: Record<string, string> = {
    authorization: 'Bearer booking-secret',
    'content-type': 'application/json',
    'idempotency-key': 'a'.repeat(64),
    ...headers,
  };
  if (without) delete all[without];
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${service.url}${path}`, { method, headers: all, ...(method === 'GET' ? {} : { body: content }), redirect: 'manual' });
  return { status: response.status, text: await response.text() };
}

test('a right client books, and is told so', async (bench) => {
  assert.equal(await ask(bench), { status: 200, text: '{"booked":1}' });
  assert.is((await ask(bench, { body: { ...right, caller: { number: '1', name: 'n' }, variables: { a: 'b' } } })).status, 200);
  assert.is((await ask(bench, { method: 'GET', path: '/bookings?date=today', without: 'content-type' })).status, 200);
  assert.equal(bench.service.violations, []);
});

const wrongs: Record<string, [wrong: Wrong, status: number]> = {
  'another key': [{ headers: { authorization: 'Bearer other' } }, 401],
  'no key': [{ without: 'authorization' }, 401],
  'another path': [{ path: '/' }, 404],
  'another method': [{ method: 'DELETE' }, 405],
  'no idempotency key': [{ without: 'idempotency-key' }, 400],
  'an idempotency key of another form': [{ headers: { 'idempotency-key': 'x' } }, 400],
  'arguments in the address': [{ path: '/bookings?a=1' }, 400],
  'another content type': [{ headers: { 'content-type': 'text/plain' } }, 415],
  'a body that is no JSON': [{ body: '{' }, 400],
  'a body that is no object': [{ body: [] }, 400],
  'a body without arguments': [{ body: { call_id: 'a', tool: 'b' } }, 400],
  'a body with something else in it': [{ body: { ...right, secret: 1 } }, 400],
  'a caller with something else about him': [{ body: { ...right, caller: { age: 7 } } }, 400],
};

for (const [what, [wrong, status]] of Object.entries(wrongs)) {
  test(`${what} is refused, and remembered`, async (bench) => {
    assert.is((await ask(bench, wrong)).status, status);
    assert.is(bench.service.violations.length, 1);
    assert.equal(bench.service.booked, []);
  });
}

test('it books once for a key if it honours keys, and each time if not', async (bench) => {
  await ask(bench);
  await ask(bench);
  assert.is(bench.service.bookingsOf('a'.repeat(64)), 1);
  bench.service.honoursKeys = false;
  await ask(bench);
  assert.is(bench.service.bookingsOf('a'.repeat(64)), 2);
});

test('it fails before or after it has booked, as it is told', async (bench) => {
  const { service } = bench;
  service.honoursKeys = false;
  for (const [isBooked, count] of [
    [false, 0],
    [true, 1],
  ] as const) {
    service.next.push({ type: 'status', status: 500, isBooked });
    assert.is((await ask(bench)).status, 500);
    assert.is(service.booked.length, count);
  }
  for (const [isBooked, count] of [
    [false, 1],
    [true, 2],
  ] as const) {
    service.next.push({ type: 'close', isBooked });
    await ask(bench).then(
      () => assert.unreachable(),
      () => {},
    );
    assert.is(service.booked.length, count);
  }
});

test('it has the faults that every service can have', async (bench) => {
  const { service } = bench;
  service.fault = { type: 'status', status: 429, retryAfterS: 3 };
  assert.is((await ask(bench)).status, 429);
  assert.equal([service.booked, service.received], [[], []]);
});

test.run();
