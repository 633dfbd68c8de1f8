import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually, within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';
import { dinner, ToolBench, useOf } from '../../support/tool-bench.js';

const test = suite<{ bench: ToolBench }>('the toolbox');
test.before.each(async (context) => {
  context.bench = await ToolBench.start();
});
test.after.each(({ bench }) => bench.close());

const answered = <T>(answer: Promise<T>): Promise<T> => within(5000, 'the tool answers', answer);
const outcomes = ({ log }: ToolBench): unknown[] => log.filter(({ message }) => message === 'tool ended').map(({ outcome }) => outcome);

test('a webhook books, with nothing but what it needs, and its answer is for the model', async ({ bench }) => {
  const answer = await answered(bench.toolbox().run('book', dinner, useOf()));
  assert.equal(answer, { text: '{"booked":1}', isSpokenOf: true });
  const [request] = bench.service.received;
  assert.equal(JSON.parse(request?.body ?? ''), { call_id: 'call-1', tool: 'book', arguments: dinner });
  assert.equal([request?.method, request?.url, request?.headers['user-agent']], ['POST', '/bookings', 'talkpath']);
  assert.equal(bench.service.violations, []);
});

test('of the caller only a tool is told that is to be', async ({ bench }) => {
  await answered(bench.toolbox({ send_caller: true }).run('book', dinner, useOf()));
  const { caller, variables } = JSON.parse(bench.service.received[0]?.body ?? '') as Record<string, unknown>;
  assert.equal([caller, variables], [{ number: '+4930123456', name: 'Anna' }, { branch: 'north' }]);
  assert.equal(bench.service.violations, []);
});

test('arguments of a GET are its query, each in its place', async ({ bench }) => {
  const parameters = { type: 'object', additionalProperties: true };
  const toolbox = bench.toolbox({ method: 'GET', parameters, safe_to_repeat: true });
  await answered(toolbox.run('book', { 'a&b': '1=2#/../x y', list: ['a', 1], flag: true, name: 'grün' }, useOf()));
  const [request] = bench.service.received;
  const { pathname, searchParams } = new URL(request?.url ?? '', bench.service.url);
  assert.is(pathname, '/bookings');
  assert.equal(Object.fromEntries(searchParams), { 'a&b': '1=2#/../x y', list: '["a",1]', flag: 'true', name: 'grün' });
  assert.equal([request?.body, bench.service.violations], ['', []]);
});

test('a PUT has its arguments in the body', async ({ bench }) => {
  await answered(bench.toolbox({ method: 'PUT' }).run('book', dinner, useOf()));
  assert.equal([bench.service.received[0]?.method, bench.service.violations], ['PUT', []]);
});

test('headers of the settings go before our own, whatever their letters', async ({ bench }) => {
  const headers = { Authorization: 'Bearer booking-secret', 'User-Agent': 'ours', 'X-Branch': 'north' };
  await answered(bench.toolbox({ headers }).run('book', dinner, useOf()));
  const got = bench.service.received[0]?.headers;
  assert.equal([got?.['user-agent'], got?.['x-branch'], got?.accept], ['ours', 'north', 'application/json, text/plain']);
});

test('arguments as deep as their size allows are sent, or refused, and never take the call with them', async ({ bench }) => {
  const toolbox = bench.toolbox({ parameters: { type: 'object', additionalProperties: true } });
  for (const depth of [10, 1000, 8000]) {
    const args = JSON.parse(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`) as unknown;
    const { text } = await answered(toolbox.run('book', args, useOf()));
    assert.ok(depth === 8000 || text.startsWith('{"booked"'), text.slice(0, 200));
    assert.not.match(text, 'not known');
  }
});

test('the idempotency key tells effects apart, and is the same for the same', async ({ bench }) => {
  const toolbox = bench.toolbox();
  for (const [args, callId] of [
    [dinner, 'call-1'],
    [{ ...dinner, party_size: 5 }, 'call-1'],
    [dinner, 'call-2'],
  ] as const) {
    await answered(toolbox.run('book', args, useOf({ callId })));
  }
  assert.is(new Set(bench.service.booked).size, 3);
});

test('wrong arguments are answered with what is wrong, and nothing is sent', async ({ bench }) => {
  const answer = await answered(bench.toolbox().run('book', { date: 'tomorrow', party_size: 0 }, useOf()));
  assert.equal(answer, {
    text:
      'Nothing was done: Expected string that matches ^\\d{4}-\\d{2}-\\d{2}$ for date but received a value of type string. ' +
      'Expected integer between 1 and 20 for party_size but received a value of type number.',
    isSpokenOf: true,
  });
  assert.equal([bench.service.received, outcomes(bench)], [[], ['wrong-arguments']]);
});

test('a tool that is unknown, or that the context does not have, is answered with those it has', async ({ bench }) => {
  const toolbox = bench.toolbox();
  assert.is(
    (await toolbox.run('Anna wants a table', {}, useOf({ tools: ['book', 'hang_up'] }))).text,
    'Nothing was done: there is no such tool. The tools are book, hang_up.',
  );
  assert.is((await toolbox.run('book', dinner, useOf({ tools: [] }))).text, 'Nothing was done: there is no such tool. There are no tools.');
  assert.equal([bench.service.received, outcomes(bench)], [[], ['unknown-tool', 'unknown-tool']]);
  assert.not.match(JSON.stringify(bench.log), 'Anna');
});

test('a model is told of the tools that are named, in that order and once', async ({ bench }) => {
  const toolbox = bench.toolbox();
  const definitions = toolbox.definitionsFor(['book', 'hang_up', 'book', 'other']);
  assert.equal(
    definitions.map(({ name }) => name),
    ['book', 'hang_up'],
  );
  assert.equal(definitions[0], {
    name: 'book',
    description: 'Books a table.',
    parameters: {
      type: 'object',
      properties: {
        date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'The day' },
        party_size: { type: 'integer', minimum: 1, maximum: 20 },
      },
      required: ['date', 'party_size'],
      additionalProperties: false,
    },
  });
});

test('a status of failure is told by its number, and the body of it to nobody', async ({ bench }) => {
  bench.service.next.push({ type: 'status', status: 409, isBooked: false });
  const { text } = await answered(bench.toolbox().run('book', dinner, useOf()));
  assert.is(text, 'Nothing was done: it was refused with status 409.');
  assert.not.match(JSON.stringify([text, bench.log]), 'repeat what was asked');
});

test('what the service never got is tried again, and done once', async ({ bench }) => {
  for (const headers of [{}, { 'retry-after': '0' }]) bench.service.next.push({ type: 'status', status: 429, isBooked: false, headers });
  assert.is((await answered(bench.toolbox().run('book', dinner, useOf()))).text, '{"booked":1}');
  assert.equal([bench.service.received.length, bench.service.booked.length], [3, 1]);
});

for (const behaviour of [
  { type: 'status', status: 500, isBooked: true },
  { type: 'close', isBooked: true },
  { type: 'hang', isBooked: true },
  { type: 'garbage' },
  { type: 'cut' },
] as const) {
  test(`after ${behaviour.type} a tool that may not be repeated is not sent again, by the model's wish neither`, async ({ bench }) => {
    bench.service.next.push(behaviour);
    const toolbox = bench.toolbox({ timeout_ms: 200 });
    for (let i = 0; i < 3; i += 1) {
      const { text, isSpokenOf } = await answered(toolbox.run('book', dinner, useOf()));
      assert.match(text, /^It is not known whether this was done \(.*\); a person must check\./);
      assert.ok(isSpokenOf);
    }
    assert.equal([bench.service.received.length, bench.service.booked.length], [1, 1]);
  });

  test(`after ${behaviour.type} a tool that may be repeated is sent again with its key, and booked once`, async ({ bench }) => {
    bench.service.next.push(behaviour);
    const { text } = await answered(bench.toolbox({ timeout_ms: 200, safe_to_repeat: true }).run('book', dinner, useOf()));
    assert.is(text, '{"booked":1}');
    assert.equal([bench.service.received.length, bench.service.booked.length], [2, 1]);
    assert.is(bench.service.received[0]?.key, bench.service.received[1]?.key);
  });
}

test('an answer that is no text, too long or empty still says that it was done', async ({ bench }) => {
  const toolbox = bench.toolbox();
  const done = 'It was done, but what was answered is too long, or no text.';
  let size = 0;
  for (const [behaviour, text] of [
    [{ type: 'answer', body: new Uint8Array([0xff]) }, done],
    [{ type: 'flood' }, done],
    [{ type: 'answer', body: '' }, 'It was done.'],
    [{ type: 'answer', body: ' \n' }, 'It was done.'],
  ] as const) {
    bench.service.next.push(behaviour);
    size += 1;
    assert.is((await answered(toolbox.run('book', { ...dinner, party_size: size }, useOf()))).text, text);
  }
});

test('a look-up is asked each time anew, with another key, and leaves no journal', async ({ bench }) => {
  const toolbox = bench.toolbox({ method: 'GET', once_per: 'none', safe_to_repeat: true });
  for (const body of ['two tables', 'none left']) {
    bench.service.next.push({ type: 'answer', body, contentType: 'text/plain' });
    assert.is((await answered(toolbox.run('book', dinner, useOf()))).text, body);
  }
  assert.is.not(bench.service.received[0]?.key, bench.service.received[1]?.key);
  assert.throws(() => bench.journal(), /ENOENT/);
});

test('a look-up that nobody waits for is cut off, by the call or by the end of the toolbox', async ({ bench }) => {
  const toolbox = bench.toolbox({ method: 'GET', once_per: 'none', safe_to_repeat: true });
  const leaving = new AbortController();
  bench.service.onReceived = () => leaving.abort();
  bench.service.next.push({ type: 'hang', isBooked: false }, { type: 'hang', isBooked: false });
  await answered(toolbox.run('book', dinner, useOf({ signal: leaving.signal })));
  bench.service.onReceived = () => void toolbox.close();
  await answered(toolbox.run('book', dinner, useOf()));
  await eventually(2000, 'no connection stays', () => bench.service.openConnections === 0);
  assert.is(bench.service.received.length, 2);
});

test('who leaves in the middle is answered at once, and the booking is seen to its end', async ({ bench }) => {
  const leaving = new AbortController();
  bench.service.next.push({ type: 'answer', afterMs: 50 });
  bench.service.onReceived = () => leaving.abort();
  const toolbox = bench.toolbox();
  assert.not.ok((await answered(toolbox.run('book', dinner, useOf({ signal: leaving.signal })))).isSpokenOf);
  assert.is((await answered(toolbox.run('book', dinner, useOf()))).text, '{"booked":1}');
  assert.is(bench.service.received.length, 1);
});

test('without a journal nothing is sent, the model hears that nothing was done, and the log why', async ({ bench }) => {
  writeFileSync(join(bench.folder, 'tools'), 'a file');
  const toolbox = bench.toolbox();
  await toolbox.prepare();
  assert.equal(await answered(toolbox.run('book', dinner, useOf())), {
    text: 'Nothing was done: this cannot be done at the moment.',
    isSpokenOf: true,
  });
  assert.equal(bench.service.received, []);
  const errors = bench.log.filter(({ level }) => level === 'error');
  assert.is(errors.length, 2);
  for (const { error } of errors) assert.match(String(error), 'cannot be read');
  rmSync(join(bench.folder, 'tools'));
  assert.is((await answered(toolbox.run('book', dinner, useOf()))).text, '{"booked":1}');
});

test('each run is logged with the tool, what came of it and how long it took; neither log nor disk tells of people or secrets', async ({ bench }) => {
  bench.service.next.push({ type: 'answer' }, { type: 'status', status: 500, isBooked: false });
  const toolbox = bench.toolbox({ send_caller: true });
  await answered(toolbox.run('book', dinner, useOf()));
  await answered(toolbox.run('book', { ...dinner, party_size: 13 }, useOf()));
  const [one, two] = bench.log.filter(({ message }) => message === 'tool ended');
  assert.equal([one?.level, one?.callId, one?.tool, one?.outcome, typeof one?.ms], ['info', 'call-1', 'book', 'answered', 'number']);
  assert.equal([two?.level, two?.outcome, two?.why], ['warn', 'unknown', 'status 500']);
  assert.not.match(bench.traces(), /booking-secret|\+4930|Anna|2026-02-03|north|"booked"|127\.0\.0\.1|party/);
});

test('fifty calls at once each get their own booking', async ({ bench }) => {
  const toolbox = bench.toolbox();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const answers = await answered(Promise.all(Array.from({ length: 50 }, (_, i) => toolbox.run('book', dinner, useOf({ callId: `call-${i}` })))));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', onWarning);
  assert.is(new Set(answers.map(({ text }) => text)).size, 50);
  assert.is(new Set(bench.service.booked).size, 50);
  assert.equal(warnings, []);
});

test('closing cuts off what is under way, and calls off what comes after', async ({ bench }) => {
  bench.service.next.push({ type: 'hang', isBooked: true });
  const toolbox = bench.toolbox();
  const received = new Promise<void>((resolve) => {
    bench.service.onReceived = () => resolve();
  });
  const answer = toolbox.run('book', dinner, useOf());
  await within(2000, 'the request arrives', received);
  await within(2000, 'the toolbox closes', toolbox.close());
  assert.match((await answered(answer)).text, 'It is not known whether this was done (it was called off)');
  assert.not.ok((await answered(toolbox.run('book', { ...dinner, party_size: 1 }, useOf()))).isSpokenOf);
  await eventually(2000, 'no connection stays', () => bench.service.openConnections === 0);
  assert.is(bench.service.received.length, 1);
});

test('a call that is over holds its answers for an hour, and no timer after the toolbox is closed', async ({ bench }) => {
  const clock = new ManualClock();
  const exchange = async () => ({ type: 'answer', status: 200, text: 'booked', retryAfter: undefined }) as const;
  const toolbox = bench.toolbox({}, { clock, exchange });
  await answered(toolbox.run('book', dinner, useOf()));
  toolbox.callEnded('call-1');
  clock.advance(3_599_000);
  assert.is((await answered(toolbox.run('book', dinner, useOf()))).text, 'booked');
  clock.advance(1000);
  assert.match((await answered(toolbox.run('book', dinner, useOf()))).text, 'This was already done');
  toolbox.callEnded('call-1');
  await toolbox.close();
  assert.is(clock.pending, 0);
});

test.run();
