import { networkInterfaces } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { attack } from '../support/attackers.js';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { eventually, within } from '../support/deadline.js';
import { TalkpathProcess } from '../support/talkpath-process.js';

const test = suite('guards');
const environment = { TALKPATH_PROVIDER: 'echo' };

/** A server with these settings, for as long as the test takes. */
async function withServer(settings: string, use: (talkpath: TalkpathProcess) => Promise<void>): Promise<void> {
  const talkpath = await TalkpathProcess.start({ environment, settings });
  try {
    await use(talkpath);
  } finally {
    await talkpath.kill();
  }
}

/** The connection is closed and no audio ever came. */
async function isTurnedAway(client: AudioSocketClient): Promise<void> {
  await within(1000, 'the server closes', client.closed);
  assert.is(client.frames.length, 0);
  client.destroy();
}

const refusals = (talkpath: TalkpathProcess, reason: string): Promise<number> => talkpath.metric('talkpath_calls_refused_total', { reason });
const portOf = (address: string): number => Number(address.split(':').at(-1));

/** What the media thread has seen the control thread knows a moment later. */
async function countsRefusals(talkpath: TalkpathProcess, reason: string, expected: number): Promise<void> {
  await eventually(2000, `${expected} refused as ${reason}`, async () => (await refusals(talkpath, reason)) >= expected);
  assert.is(await refusals(talkpath, reason), expected);
}

test('without settings a server listens on loopback alone', async () => {
  // The overrides that choose free ports say the host as well: here the file chooses the ports.
  const talkpath = await TalkpathProcess.start({
    environment: { ...environment, TALKPATH_AUDIOSOCKET: '', TALKPATH_ADMIN: '' },
    settings: 'audiosocket: {port: 0}\nadmin: {port: 0}',
  });
  try {
    assert.match(talkpath.audiosocket, /^127\.0\.0\.1:\d+$/);
    assert.match(talkpath.admin, /^127\.0\.0\.1:\d+$/);
    const others = Object.values(networkInterfaces()).flatMap((addresses) =>
      (addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
    );
    for (const { address } of others) {
      for (const port of [portOf(talkpath.audiosocket), portOf(talkpath.admin)]) {
        const refused = await AudioSocketClient.open(`${address}:${port}`).then(
          () => false,
          (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
        );
        assert.ok(refused, `${address}:${port} answers`);
      }
    }
  } finally {
    await talkpath.kill();
  }
});

test('only networks of the allow list may connect', () =>
  withServer('audiosocket: {allow: [127.0.0.2, 127.0.1.0/24]}', async (talkpath) => {
    for (const from of ['127.0.0.2', '127.0.1.77']) {
      const client = await AudioSocketClient.open(talkpath.audiosocket, { from });
      client.sayUuid();
      await client.hears(1);
      client.destroy();
    }
    for (const from of ['127.0.0.1', '127.0.0.3', '127.0.2.1']) {
      const client = await AudioSocketClient.open(talkpath.audiosocket, { from });
      client.sayUuid();
      await isTurnedAway(client);
    }
    await countsRefusals(talkpath, 'not-allowed', 3);
  }));

test('a server that asks for registration takes a call that was announced, once', () =>
  withServer('audiosocket: {require_registration: true}', async (talkpath) => {
    const stranger = await AudioSocketClient.open(talkpath.audiosocket);
    stranger.sayUuid();
    await isTurnedAway(stranger);

    const client = await AudioSocketClient.open(talkpath.audiosocket);
    await talkpath.announce(client.callId, {});
    client.sayUuid();
    await client.hears(1);
    client.destroy();
    await talkpath.endedCall(client.callId);

    const replay = await AudioSocketClient.open(talkpath.audiosocket, { callId: client.callId });
    replay.sayUuid();
    await isTurnedAway(replay);
    await countsRefusals(talkpath, 'not-registered', 2);
    assert.not.ok(
      talkpath.log.some((line) => JSON.stringify(line).includes(stranger.callId)),
      'what a stranger says is not logged',
    );
  }));

test('calls beyond the most there may be are turned away, and one that ends makes room', () =>
  withServer('audiosocket: {max_calls: 2}', async (talkpath) => {
    const calls = [await AudioSocketClient.call(talkpath.audiosocket), await AudioSocketClient.call(talkpath.audiosocket)];
    const third = await AudioSocketClient.open(talkpath.audiosocket);
    third.sayUuid();
    await isTurnedAway(third);
    await countsRefusals(talkpath, 'too-many-calls', 1);
    calls[0]?.finish();
    await talkpath.endedCall(calls[0]?.callId ?? '');
    const fourth = await AudioSocketClient.call(talkpath.audiosocket);
    for (const client of [...calls, fourth]) client.destroy();
  }));

test('connections that have not said who they are have a bound in all and of one address, and live calls do not count', () =>
  withServer('audiosocket: {max_unidentified: 6, max_unidentified_per_address: 4}', async (talkpath) => {
    const live = await Promise.all(Array.from({ length: 4 }, () => AudioSocketClient.call(talkpath.audiosocket)));
    const silent = await Promise.all(Array.from({ length: 4 }, () => AudioSocketClient.open(talkpath.audiosocket)));
    await isTurnedAway(await AudioSocketClient.open(talkpath.audiosocket));
    const elsewhere = [
      await AudioSocketClient.open(talkpath.audiosocket, { from: '127.0.0.2' }),
      await AudioSocketClient.open(talkpath.audiosocket, { from: '127.0.0.3' }),
    ];
    await isTurnedAway(await AudioSocketClient.open(talkpath.audiosocket, { from: '127.0.0.4' }));
    await countsRefusals(talkpath, 'too-many-connections', 2);
    silent[0]?.destroy();
    await eventually(1000, 'room for another', async () => {
      const client = await AudioSocketClient.open(talkpath.audiosocket);
      client.sayUuid();
      const taken = await Promise.race([client.hears(1).then(() => true), client.closed.then(() => false)]);
      client.destroy();
      return taken;
    });
    for (const client of [...live, ...silent, ...elsewhere]) client.destroy();
  }));

test('thousands of connections at once are refused or closed, cost little memory, and no live call notices', () =>
  withServer('audiosocket: {max_unidentified: 512, max_unidentified_per_address: 256}', async (talkpath) => {
    const client = await AudioSocketClient.call(talkpath.audiosocket);
    client.talk();
    await client.hearsFor(600);
    const fromFrame = client.frames.length;
    const before = await talkpath.metric('talkpath_process_resident_memory_bytes');
    const storm = await within(
      20_000,
      'the storm is over',
      attack({ port: portOf(talkpath.audiosocket), connections: 2000, bytes: [], everyMs: 1000, atOnce: 500 }),
    );
    const { missing, gapMs } = client.timing(fromFrame);
    const grownMb = ((await talkpath.metric('talkpath_process_resident_memory_bytes')) - before) / 2 ** 20;
    const refused = await refusals(talkpath, 'too-many-connections');
    console.log(
      `  ${storm.opened} connections in ${Math.round(storm.tookMs)} ms, ${refused} refused; call beside: ${missing} missing, gaps p99 ${gapMs.p99} max ${gapMs.max} ms; ${grownMb.toFixed(1)} MB`,
    );
    assert.is(storm.closedAfterMs.length, 2000);
    assert.ok(refused > 1000 && refused + (await refusals(talkpath, 'no-uuid')) === 2000, `${refused} refused`);
    assert.is(missing, 0);
    assert.ok(gapMs.max < 150, `the longest gap was ${gapMs.max} ms`);
    assert.ok(grownMb < 64, `${grownMb} MB`);
    const next = await AudioSocketClient.call(talkpath.audiosocket);
    next.destroy();
    client.destroy();
  }));

test('the admin API asks for its token, but for the health checks', () =>
  withServer('admin: {token: "open sesame"}', async (talkpath) => {
    const ask = async (path: string, authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await fetch(`http://${talkpath.admin}${path}`, { headers })).status;
    };
    for (const path of ['/v1/calls', '/metrics', '/openapi.json', '/nowhere']) {
      assert.is(await ask(path), 401, path);
      assert.is(await ask(path, 'Bearer open'), 401, path);
      assert.is(await ask(path, 'open sesame'), 401, path);
      assert.is(await ask(path, 'Bearer open sesame'), path === '/nowhere' ? 404 : 200, path);
    }
    for (const path of ['/healthz', '/readyz']) assert.is(await ask(path), 200, path);
    const refusal = await fetch(`http://${talkpath.admin}/v1/calls`);
    assert.is(refusal.headers.get('www-authenticate'), 'Bearer');
    const said = await refusal.text();
    assert.not.match(said, /sesame/);
    assert.equal(JSON.parse(said), {
      error: 'Expected Authorization: Bearer with the token of admin.token',
      code: 'TP_ERR_ADMIN_TOKEN',
      next: 'send the header Authorization: Bearer with the token of admin.token',
    });
    const change = await fetch(`http://${talkpath.admin}/v1/calls/40325ec2-5efd-4bd3-805f-53576e581d13`, { method: 'PUT' });
    assert.is(change.status, 401);
  }));

test.run();
