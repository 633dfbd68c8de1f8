import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { nowMs, within } from '../support/deadline.js';
import { TalkpathProcess } from '../support/talkpath-process.js';
import { runTalkpath } from '../support/talkpath-run.js';

const test = suite('start and stop');
const environment = { TALKPATH_PROVIDER: 'echo' };
const freePorts = { ...environment, TALKPATH_AUDIOSOCKET: '127.0.0.1:0', TALKPATH_ADMIN: '127.0.0.1:0' };

/** A call that outlasts its server's grace: started first, looked at last. */
let outlasting: { talkpath: TalkpathProcess; client: AudioSocketClient; toldMs: number };
test.before(async () => {
  const talkpath = await TalkpathProcess.start({ environment });
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  process.kill(talkpath.pid, 'SIGTERM');
  outlasting = { talkpath, client, toldMs: nowMs() };
});
test.after(() => outlasting.talkpath.kill());

/** Holds a port of 127.0.0.1. */
async function heldPort(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test('a mistake in the settings stops the start with the place, the reason and the next step', async () => {
  const run = await runTalkpath(['serve'], { environment: freePorts, files: { 'talkpath.yaml': 'turn_taking:\n  silence_ms: x\n' } });
  assert.is(run.code, 1);
  assert.is(run.stdout, '');
  assert.equal(run.stderr.trimEnd().split('\n'), [
    'TP_ERR_CONFIG_INVALID: talkpath.yaml:2: Expected integer between 10 and 60000 for turn_taking.silence_ms but received "x" of type string',
    'What to do next: correct the setting; docs/configuration.md lists all of them',
  ]);
});

test('settings that are not there stop the start', async () => {
  const run = await runTalkpath(['serve', '--config', 'nowhere.yaml'], { environment: freePorts });
  assert.is(run.code, 1);
  assert.match(run.stderr, /^TP_ERR_CONFIG_READ: The configuration nowhere\.yaml cannot be read: ENOENT.*\nWhat to do next: check the path/);
});

test('a provider that cannot be made stops the start, and nothing is left running', async () => {
  const settings = 'default_provider: broken\nproviders: {broken: {type: scripted, script: nowhere.yaml}}';
  const run = await runTalkpath(['serve'], { environment: { ...freePorts, TALKPATH_PROVIDER: '' }, files: { 'talkpath.yaml': settings } });
  assert.is(run.code, 1);
  assert.match(run.stderr, /^TP_ERR_SCRIPT_INVALID: .*nowhere\.yaml.*\nWhat to do next: /);
});

for (const [who, variable] of [
  ['audiosocket', 'TALKPATH_AUDIOSOCKET'],
  ['admin', 'TALKPATH_ADMIN'],
] as const) {
  test(`a port in use stops the start and says that it is the one of ${who}`, async () => {
    const { server, port } = await heldPort();
    const run = await runTalkpath(['serve'], { environment: { ...freePorts, [variable]: `127.0.0.1:${port}` } });
    server.close();
    assert.is(run.code, 1);
    assert.not.match(run.stdout, /ready/);
    const [first, second] = run.stderr.split('\n');
    assert.match(first ?? '', new RegExp(`^TP_ERR_LISTEN: ${who} cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
    assert.is(second, 'What to do next: stop the program that holds the port, or choose another host and port in the configuration');
  });
}

test('a port in use for dialplans stops the start too', async () => {
  const { server, port } = await heldPort();
  const run = await runTalkpath(['serve'], { environment: freePorts, files: { 'talkpath.yaml': `asterisk: {agi: {port: ${port}}}` } });
  server.close();
  assert.is(run.code, 1);
  assert.match(run.stderr, new RegExp(`^TP_ERR_LISTEN: asterisk\\.agi cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
});

test('the ready line says the addresses, and nothing that was configured as a secret is ever said', async () => {
  const secret = 'planted-7f3a';
  const talkpath = await TalkpathProcess.start({
    environment: { ...environment, PLANTED: secret },
    settings: 'admin: {token: "${PLANTED}"}\nlogging: {level: debug}',
  });
  try {
    const ready = talkpath.log.find(({ msg }) => msg === 'ready');
    assert.match(String(ready?.audiosocket), /^127\.0\.0\.1:[1-9]\d*$/);
    assert.match(String(ready?.admin), /^127\.0\.0\.1:[1-9]\d*$/);
    const client = await AudioSocketClient.call(talkpath.audiosocket);
    client.finish();
    await within(1000, 'the call ends', client.closed);
    const headers = { authorization: `Bearer ${secret}` };
    const said = await Promise.all(
      ['/metrics', '/v1/calls', '/openapi.json', `/v1/calls/${client.callId}`].map(async (path) => {
        const response = await fetch(`http://${talkpath.admin}${path}`, { headers });
        assert.is(response.status, 200, path);
        return response.text();
      }),
    );
    assert.not.match([...said, talkpath.tail(1000)].join('\n'), new RegExp(secret));
  } finally {
    await talkpath.kill();
  }
});

test('a server that is told to stop takes no more calls, lets those at hand end in their time, and goes', async () => {
  const talkpath = await TalkpathProcess.start({ environment });
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  client.talk();
  const fromFrame = client.frames.length;
  process.kill(talkpath.pid, 'SIGTERM');
  await client.hearsFor(600);
  assert.is((await fetch(`http://${talkpath.admin}/readyz`)).status, 503);
  assert.is((await fetch(`http://${talkpath.admin}/healthz`)).status, 200);
  const newcomer = await AudioSocketClient.open(talkpath.audiosocket).then(
    () => 'taken',
    (error: NodeJS.ErrnoException) => error.code,
  );
  assert.is(newcomer, 'ECONNREFUSED');
  assert.is(client.timing(fromFrame).missing, 0);
  client.finish();
  assert.is(await within(3000, 'the server goes', talkpath.exited), 0);
  const ended = talkpath.log.find(({ msg }) => msg === 'call ended');
  assert.equal([ended?.callId, ended?.endReason], [client.callId, 'caller-hung-up']);
});

test('a server without calls stops at once', async () => {
  const talkpath = await TalkpathProcess.start({ environment });
  const silent = await AudioSocketClient.open(talkpath.audiosocket);
  const toldMs = nowMs();
  process.kill(talkpath.pid, 'SIGINT');
  assert.is(await within(4000, 'the server goes', talkpath.exited), 0);
  assert.ok(nowMs() - toldMs < 1000, `it took ${Math.round(nowMs() - toldMs)} ms`);
  silent.destroy();
});

test('a second signal ends it at once, calls or not', async () => {
  const talkpath = await TalkpathProcess.start({ environment });
  const client = await AudioSocketClient.call(talkpath.audiosocket);
  process.kill(talkpath.pid, 'SIGTERM');
  await client.hearsFor(200);
  process.kill(talkpath.pid, 'SIGTERM');
  assert.is(await within(1000, 'the server goes', talkpath.exited), 1);
  await within(1000, 'the line is closed', client.closed);
});

test('a call that outlasts the grace of 10 s is hung up properly, with its record', async () => {
  const { talkpath, client, toldMs } = outlasting;
  const { how, atMs } = await within(15_000, 'the line is hung up', client.closed);
  assert.is(how, 'fin');
  assert.equal(client.otherKinds, [0x00]);
  assert.ok(atMs - toldMs > 9500 && atMs - toldMs < 11_000, `after ${atMs - toldMs} ms`);
  client.destroy();
  assert.is(await within(4000, 'the server goes', talkpath.exited), 0);
  const ended = talkpath.log.find(({ msg }) => msg === 'call ended');
  assert.equal([ended?.callId, ended?.endReason], [client.callId, 'shut-down']);
});

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  test(`an announced call that has not come does not hold up ${signal}`, async () => {
    const talkpath = await TalkpathProcess.start({ environment });
    const announced = await fetch(`http://${talkpath.admin}/v1/calls/40325ec2-5efd-4bd3-805f-53576e581d13`, { method: 'PUT' });
    assert.is(announced.status, 201);
    process.kill(talkpath.pid, signal);
    await within(5000, `the process to end after ${signal}`, talkpath.exited);
  });
}

test.run();
