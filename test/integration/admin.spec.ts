import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Validator } from '@seriousme/openapi-schema-validator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorTable } from '#talkpath/base/errors.js';
import type { CallRecordView } from '#talkpath/call/call-record.js';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { within } from '../support/deadline.js';
import { parseOpenMetrics } from '../support/open-metrics.js';
import { projectFolder } from '../support/project.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('the admin API');
let talkpath: TalkpathProcess;
test.before(async () => {
  // A script that is whole at start and gone at the first call.
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-admin-'));
  const script = join(folder, 'script.yaml');
  copyFileSync(join(projectFolder, 'dialogues/receptionist.yaml'), script);
  talkpath = await TalkpathProcess.start({
    environment: { TALKPATH_PROVIDER: 'echo' },
    settings: `
providers: {second: {type: echo}, broken: {type: scripted, script: ${script}}}
contexts: {support: {provider: second, profile: wideband}}
`,
  });
  rmSync(folder, { recursive: true });
});
test.after(() => talkpath.kill());

interface Response {
  readonly content: Record<string, { readonly schema: { readonly properties?: object } }>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is in it is what the tests look at
  readonly body: any;
}

async function ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type } };
  const response = await fetch(`http://${talkpath.admin}${path}`, { method, ...content, signal: AbortSignal.timeout(5000) });
  const text = await response.text();
  const answered = response.headers.get('content-type') ?? '';
  return { status: response.status, type: answered, text, body: answered.includes('json') ? JSON.parse(text) : undefined };
}

const routes = [
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /v1/calls',
  'PUT /v1/calls/{uuid}',
  'POST /v1/calls/{uuid}',
  'GET /v1/calls/{uuid}',
  'GET /v1/calls/{uuid}/disposition',
  'POST /v1/calls/{uuid}/hangup',
  'GET /v1/providers',
  'PUT /v1/providers/{name}',
  'GET /v1/ladder',
  'PUT /v1/ladder',
];

test('a server that is ready says so', async () => {
  assert.equal((await ask('GET', '/healthz')).body, { status: 'ok' });
  assert.equal((await ask('GET', '/readyz')).body, { status: 'ready' });
});

test('the OpenAPI document is valid and lists every route, and every route it lists is there', async () => {
  const { body } = await ask('GET', '/openapi.json');
  const { valid, errors } = await new Validator().validate(structuredClone(body));
  assert.ok(valid, JSON.stringify(errors));
  const listed = Object.entries(body.paths as Record<string, Record<string, unknown>>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.equal(listed.sort(), [...routes].sort());
  for (const route of listed) {
    const [method = '', path = ''] = route.split(' ');
    const { text } = await ask(method, path.replace('{uuid}', randomUUID()));
    assert.not.match(text, /No route/, route);
  }
});

test('docs/admin-api.md lists every route', () => {
  const page = readFileSync(join(projectFolder, 'docs/admin-api.md'), 'utf8');
  const told = [...page.matchAll(/^\| `([A-Z]+ \/\S+)` \|/gm)].map(([, route]) => route as string);
  assert.equal(told.sort(), [...routes].sort());
});

test('what is not there is answered with 404 and where to look', async () => {
  const nothing = await ask('GET', '/v1/nothing?secret=1');
  assert.is(nothing.status, 404);
  const next = 'GET /openapi.json lists every route';
  assert.equal(nothing.body, { error: 'No route GET /v1/nothing', code: 'TP_ERR_ADMIN_ROUTE', next });
  const callId = randomUUID();
  const method = await ask('DELETE', `/v1/calls/${callId}`);
  assert.equal([method.status, method.body.error, method.body.code], [404, `No route DELETE /v1/calls/${callId}`, 'TP_ERR_ADMIN_ROUTE']);
  const unknown = await ask('GET', `/v1/calls/${callId}`);
  assert.is(unknown.status, 404);
  assert.equal(unknown.body, { error: `No call ${callId} is known`, code: 'TP_ERR_CALL_UNKNOWN', next: errorTable.TP_ERR_CALL_UNKNOWN });
  const hangUp = await ask('POST', `/v1/calls/${callId}/hangup`);
  assert.equal([hangUp.status, hangUp.body.error, hangUp.body.code], [404, `No call ${callId} is at hand`, 'TP_ERR_CALL_UNKNOWN']);
  const disposition = await ask('GET', `/v1/calls/${callId}/disposition`);
  assert.equal([disposition.status, disposition.text], [404, 'unknown']);
});

const uuid = '/v1/calls/40325ec2-5efd-4bd3-805f-53576e581d13';
const refused: Record<string, [method: string, path: string, body: unknown, error: RegExp]> = {
  'a call id that is no UUID': ['PUT', '/v1/calls/12', {}, /^Expected a UUID such as 40325ec2-\S+ for uuid but received "12" of type string$/],
  'a call id that is a path': ['GET', '/v1/calls/..%2f..%2fetc%2fpasswd', undefined, /^Expected a UUID such as \S+ for uuid but received/],
  'an unknown provider': ['PUT', uuid, { provider: 'nobody' }, /^Expected one of echo, local, second, broken for provider but received "nobody"$/],
  'an unknown profile': ['PUT', uuid, { profile: 'x' }, /^Expected one of telephony, wideband, hifi for profile but received "x"$/],
  'an unknown context': ['PUT', uuid, { context: 'x' }, /^Expected one of support for context but received "x"$/],
  'a name that every object has by birth': ['PUT', uuid, { provider: 'constructor' }, /for provider but received "constructor"/],
  'a setting that nobody knows': ['PUT', uuid, { profil: 'telephony' }, /^Unknown field profil\. Did you mean profile\?$/],
  'a name that cannot be': [
    'PUT',
    uuid,
    { provider: 'no body' },
    /^Expected name of 1 to 64 letters, .+ for provider but received "no body" of type string$/,
  ],
  'a number where a text belongs': [
    'PUT',
    uuid,
    { caller: { number: 42_424_242 } },
    /^Expected text of at most 64 characters for caller\.number but received a value of type number$/,
  ],
  'a list': ['PUT', uuid, [1], /^Expected mapping for the body but received a value of type list$/],
  'a text': ['PUT', uuid, '"42424242"', /^Expected mapping for the body but received a value of type string$/],
  'a variable that is too long': [
    'PUT',
    uuid,
    { variables: { x: '4242'.repeat(1025) } },
    /^Expected text of at most 4096 characters for variables\.x but received a value/,
  ],
  'two mistakes': [
    'PUT',
    uuid,
    { context: '?', variables: { x: 42_424_242 } },
    /for context but received "\?" of type string; Expected text .+ for variables\.x but/,
  ],
  'no JSON at all': ['PUT', uuid, '{"caller": 42424242', /JSON/],
  'nothing where it says that JSON comes': ['PUT', uuid, '', /^Body cannot be empty/],
  'a key that every object has by birth': ['PUT', uuid, '{"__proto__": 42424242}', /./],
  'a path that is no text': ['GET', '/v1/calls/%zz', undefined, /^Expected a path whose escapes are UTF-8/],
  'a limit that is too high': [
    'GET',
    '/v1/calls?limit=1001',
    undefined,
    /^Expected integer between 1 and 1000 for limit but received 1001 of type number$/,
  ],
  'a limit that is no number': ['GET', '/v1/calls?limit=all', undefined, /^Expected integer between 1 and 1000 for limit but received NaN/],
};
for (const [what, [method, path, body, error]] of Object.entries(refused)) {
  test(`${what} is refused with 400 and the reason`, async () => {
    const answer = await ask(method, path, body);
    assert.is(answer.status, 400, answer.text);
    assert.match(answer.body.error, error);
    assert.equal([answer.body.code, answer.body.next], ['TP_ERR_ADMIN_REQUEST', errorTable.TP_ERR_ADMIN_REQUEST]);
    assert.not.match(answer.text, /4242/, 'what tells of the caller is not said again');
  });
}

test('a body that is too long, or no JSON by its type, is refused', async () => {
  const answers: [answer: Answer, status: number, error: RegExp][] = [
    [await ask('PUT', uuid, { variables: { x: 'y'.repeat(100_000) } }), 413, /^Expected a body of at most 65536 bytes$/],
    [await ask('PUT', uuid, 'provider: echo', 'text/yaml'), 415, /^Expected application\/json or .+ for the header content-type$/],
    [await ask('GET', `/v1/calls/${'a'.repeat(200)}`), 414, /^Expected a UUID in the path/],
  ];
  for (const [{ status, body, text }, expected, error] of answers) {
    assert.is(status, expected, text);
    assert.match(body.error, error);
    assert.equal([body.code, body.next], ['TP_ERR_ADMIN_REQUEST', errorTable.TP_ERR_ADMIN_REQUEST]);
  }
});

test('what is no HTTP is refused in the same shape', async () => {
  const [host = '', port] = talkpath.admin.split(':');
  for (const [sent, status] of [
    ['FOO BAR BAZ\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    const socket = connect({ host, port: Number(port) });
    socket.write(sent);
    const answer = await within(5000, 'the answer', text(socket));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.equal(Object.keys(JSON.parse(body)), ['error', 'code', 'next']);
    assert.is(JSON.parse(body).code, 'TP_ERR_ADMIN_REQUEST');
  }
});

test('whoever does not say in time what they want is let go, and keeps nobody else out', async () => {
  const [host = '', port] = talkpath.admin.split(':');
  const heads = ['', 'GET /healthz HTTP/1.1\r\n', `PUT /v1/calls/${randomUUID()} HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n`];
  const slow = Array.from({ length: 99 }, (_, i) => {
    const socket = connect({ host, port: Number(port) });
    socket.on('error', () => {});
    socket.write(heads[i % 3] as string);
    const drip = setInterval(() => i % 3 === 2 && socket.writable && socket.write('x'), 500);
    return new Promise<void>((resolve) =>
      socket
        .once('close', () => {
          clearInterval(drip);
          resolve();
        })
        .resume(),
    );
  });
  assert.is((await ask('GET', '/healthz')).status, 200);
  await within(10_000, 'all are let go', Promise.all(slow));
});

test('the OpenAPI document tells of the one shape that every refusal has', async () => {
  const { body } = await ask('GET', '/openapi.json');
  for (const [path, methods] of Object.entries(body.paths as Record<string, Record<string, { responses: Record<string, Response> }>>)) {
    if (!path.startsWith('/v1')) continue;
    for (const [method, { responses }] of Object.entries(methods)) {
      const refusals = Object.entries(responses).filter(([status, { content }]) => /^[45]/.test(status) && 'application/json' in content);
      assert.ok(
        ['400', '4XX', '5XX'].every((status) => refusals.some(([known]) => known === status)),
        `${method} ${path}`,
      );
      for (const [status, { content }] of refusals) {
        assert.equal(Object.keys(content['application/json']?.schema.properties ?? {}), ['error', 'code', 'next'], `${method} ${path} ${status}`);
      }
    }
  }
});

test('an announcement needs no body', async () => {
  assert.is((await ask('PUT', `/v1/calls/${randomUUID()}`)).status, 201);
});

test('a call is set up as it was announced, and nobody reads the caller from its record', async () => {
  const callId = randomUUID();
  const announcement = { context: 'support', caller: { number: '+49301234567', name: 'Ada' }, variables: { order: 'secret-42' } };
  assert.equal((await ask('PUT', `/v1/calls/${callId}`, announcement)).body, { callId });
  assert.is((await ask('GET', `/v1/calls/${callId}`)).status, 404, 'it has not come yet');
  const client = await AudioSocketClient.call(talkpath.audiosocket, { callId });
  assert.is(client.frames[0]?.kind, 0x12);
  const { plan, state } = (await talkpath.call(callId)) satisfies CallRecordView;
  assert.equal(
    [state, plan],
    [
      'live',
      {
        provider: 'second',
        profile: 'wideband',
        context: 'support',
        lineRateHz: 16_000,
        input: 'pcm16 16000',
        output: 'pcm16 16000',
        chosenBy: { provider: 'context', profile: 'context', context: 'call' },
      },
    ],
  );
  const everything = JSON.stringify([await talkpath.call(callId), talkpath.log, (await ask('GET', '/metrics')).text]);
  assert.not.match(everything, /49301234567|Ada|secret-42/);
  assert.not.match((await ask('GET', '/metrics')).text, new RegExp(callId));
  client.destroy();
});

test('a dialplan announces a call by what its CURL() posts, each further field a variable', async () => {
  const callId = randomUUID();
  const form = 'provider=second&profile=hifi&number=%2B49301234567&name=Ada+L&order=42';
  const answer = await ask('POST', `/v1/calls/${callId}`, form, 'application/x-www-form-urlencoded');
  assert.equal([answer.status, answer.body], [201, { callId }]);
  const client = await AudioSocketClient.call(talkpath.audiosocket, { callId });
  assert.is(client.frames[0]?.kind, 0x13);
  assert.is((await talkpath.call(callId)).plan.provider, 'second');
  client.destroy();
  const wrong = await ask('POST', `/v1/calls/${randomUUID()}`, 'provider=nobody', 'application/x-www-form-urlencoded');
  assert.is(wrong.status, 400);
});

test('a call that is at hand or was there cannot be announced', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  assert.is((await ask('PUT', `/v1/calls/${client.callId}`, {})).status, 409);
  client.finish();
  await talkpath.endedCall(client.callId);
  const again = await ask('PUT', `/v1/calls/${client.callId.toUpperCase()}`, {});
  assert.equal([again.status, again.body.error, again.body.code], [409, `There is or was a call ${client.callId}`, 'TP_ERR_CALL_EXISTS']);
  assert.is(again.body.next, errorTable.TP_ERR_CALL_EXISTS);
});

test('announcements of one call at the same time are all answered, and the last one counts', async () => {
  const callId = randomUUID();
  const answers = await Promise.all(['telephony', 'hifi', 'wideband'].map((profile) => ask('PUT', `/v1/calls/${callId}`, { profile })));
  assert.equal(
    answers.map(({ status }) => status),
    [201, 201, 201],
  );
  const client = await AudioSocketClient.call(talkpath.audiosocket, { callId });
  assert.is((await talkpath.call(callId)).plan.profile, { 16: 'telephony', 18: 'wideband', 19: 'hifi' }[client.frames[0]?.kind ?? 0]);
  client.destroy();
});

test('a call whose provider cannot be had is hung up, and its record says why', async () => {
  const callId = randomUUID();
  await talkpath.announce(callId, { provider: 'broken' });
  const client = await AudioSocketClient.open(talkpath.audiosocket, { callId });
  client.sayUuid();
  await client.closed;
  const record = await talkpath.endedCall(callId);
  assert.equal([record.endReason, record.disposition, record.plan.provider], ['provider-failed', 'failed', 'broken']);
  assert.is((await ask('GET', `/v1/calls/${callId}/disposition`)).text, 'failed');
  assert.ok((await talkpath.metric('talkpath_calls_total', { provider: 'broken', end_reason: 'provider-failed' })) === 1);
});

test('calls are listed newest first, those at hand before those that ended, as many as asked for', async () => {
  const [first, second, third] = [
    await AudioSocketClient.call(talkpath.audiosocket),
    await AudioSocketClient.call(talkpath.audiosocket),
    await AudioSocketClient.call(talkpath.audiosocket),
  ];
  for (const { callId } of [first, second, third]) await talkpath.callWhen(callId, 'it is there', () => true);
  second.finish();
  await talkpath.endedCall(second.callId);
  const { body } = await ask('GET', '/v1/calls?limit=3');
  assert.equal(
    body.calls.map(({ callId, state }: CallRecordView) => [callId, state]),
    [
      [third.callId, 'live'],
      [first.callId, 'live'],
      [second.callId, 'ended'],
    ],
  );
  assert.is((await ask('GET', '/v1/calls?limit=1')).body.calls.length, 1);
  first.destroy();
  third.destroy();
});

test('a call is hung up on request, and what the dialplan asks afterwards is answered', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  await talkpath.callWhen(client.callId, 'it is there', () => true);
  assert.is((await ask('GET', `/v1/calls/${client.callId}/disposition`)).text, 'live');
  const answer = await ask('POST', `/v1/calls/${client.callId.toUpperCase()}/hangup`);
  assert.equal([answer.status, answer.body], [202, { callId: client.callId }]);
  await client.closed;
  await talkpath.endedCall(client.callId);
  assert.is((await ask('GET', `/v1/calls/${client.callId}/disposition`)).text, 'completed');
  assert.is((await ask('POST', `/v1/calls/${client.callId}/hangup`)).status, 404);
});

test('the record of a call counts its audio, and names the gaps by their cause', async () => {
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  await client.hearsFor(1000);
  client.finish();
  const { audio, line, durationMs, startedAt, endReason } = await talkpath.endedCall(client.callId);
  assert.is(endReason, 'caller-hung-up');
  assert.ok(durationMs > 900 && durationMs < 3000, `${durationMs} ms`);
  assert.ok(Math.abs(Date.parse(startedAt) - Date.now()) < 10_000);
  assert.equal(Object.keys(audio?.gaps ?? {}), ['provider-late', 'control-stalled', 'engine-late', 'line-back-pressure', 'set-up']);
  assert.ok((audio?.framesOut ?? 0) >= 50 && (audio?.framesAudible ?? 0) > 30, JSON.stringify(audio));
  assert.ok(line);
  const { framesIn, framesOut, framesDropped, lastRateHz } = line;
  assert.ok(Math.abs((framesIn ?? 0) - 50) < 10, `${framesIn} frames in`);
  assert.equal([framesOut === audio?.framesOut || framesOut === (audio?.framesOut ?? 0) - 1, framesDropped, lastRateHz], [true, 0, 8000]);
  client.destroy();
});

test('the metrics are well-formed OpenMetrics and count what happened', async () => {
  const { type, text } = await ask('GET', '/metrics');
  assert.match(type, /^application\/openmetrics-text/);
  const families = parseOpenMetrics(text);
  assert.ok(families.size > 15);
  assert.ok((await talkpath.metric('talkpath_calls_total', { end_reason: 'caller-hung-up' })) >= 2);
  assert.ok((await talkpath.metric('talkpath_engine_tick_lateness_seconds_count')) > 10);
});

test.run();
