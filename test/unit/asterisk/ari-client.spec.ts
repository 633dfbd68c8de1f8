import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AriServer, type AriServerOptions } from '#emulators/ari-server.js';
import { audioSocketChannel, otherChannel } from '#emulators/asterisk-channel.js';
import type { Fault } from '#emulators/fault.js';
import { channelsOf } from '#talkpath/asterisk/ari/channel.js';
import { AriClient } from '#talkpath/asterisk/ari/client.js';
import { AriWay } from '#talkpath/asterisk/ari/way.js';
import type { AsteriskError } from '#talkpath/asterisk/asterisk-error.js';
import { eventually, within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

const test = suite("Asterisk's REST interface");
const deadlineMs = 3000;
const uuid = '40325ec2-5efd-4bd3-805f-53576e581d13';

class Bench {
  readonly clock = new ManualClock();
  readonly server: AriServer;

  constructor(options: AriServerOptions) {
    this.server = new AriServer(options);
  }

  client(password = this.server.password, url = this.server.ariUrl): AriClient {
    const client = new AriClient({ url, user: this.server.user, password, clock: this.clock });
    clients.push(client);
    return client;
  }

  way(): AriWay {
    return new AriWay(this.client(), ['ORDER']);
  }
}

let benches: Bench[] = [];
const clients: AriClient[] = [];
async function bench(options: AriServerOptions = {}): Promise<Bench> {
  const started = new Bench(options);
  benches.push(started);
  await started.server.listen();
  return started;
}
test.after.each(async () => {
  const used = benches;
  benches = [];
  for (const client of clients.splice(0)) client.close();
  for (const { server, clock } of used) {
    await eventually(deadlineMs, 'no connection is left', () => server.openConnections === 0, 5);
    assert.is(clock.pending, 0, 'no timer is left');
    await within(deadlineMs, 'ARI closes', server.close());
  }
});

/** The code and the message that something is rejected with. */
const refusalOf = (promise: Promise<unknown>): Promise<string> =>
  within(
    deadlineMs,
    'it is answered',
    promise.then(
      () => 'nothing',
      (error: AsteriskError) => `${error.code}: ${error.message}`,
    ),
  );

test("a call's channel is found by what it runs, with its variables and its caller", async () => {
  const { server, way } = take(await bench());
  const variables = new Map([
    ['AI_CONTEXT', 'sales'],
    ['AI_PROVIDER', ''],
    ['ORDER', '42'],
    ['OTHER', 'not named'],
  ]);
  server.channels.push(otherChannel('1.1'), audioSocketChannel(uuid, { variables }), otherChannel('1.2'));
  assert.equal(await way().find(uuid), {
    channelId: '1795951044.7',
    registration: {
      provider: undefined,
      profile: undefined,
      context: 'sales',
      caller: { number: '+41791234567', name: 'An Na' },
      variables: { ORDER: '42' },
    },
  });
  assert.is(await way().find('11111111-2222-4333-8444-555555555555'), undefined);
  assert.equal(server.violations, []);
});

test('a hundred calls that come at once are looked up with a few listings, two at a time', async () => {
  const { server, way } = take(await bench());
  server.listingMs = 20;
  for (let i = 0; i < 100; i += 1) server.channels.push(audioSocketChannel(callOf(i), { id: `1.${i}` }));
  const ari = way();
  const found = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      // They come one after the other, while listings are being made.
      for (let turn = 0; turn < i; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return ari.find(callOf(i));
    }),
  );
  assert.equal(
    found.map((call) => call?.channelId),
    Array.from({ length: 100 }, (_, i) => `1.${i}`),
  );
  assert.ok(server.listings < 20, `${server.listings} listings`);
  assert.ok(server.mostListingsAtATime <= 2, `${server.mostListingsAtATime} at a time`);
});

test('a channel in Stasis is sent on, given a variable, and a digit is played to it', async () => {
  const { server, way } = take(await bench({ dialplan: ['human,100,1', 'human,100,start'] }));
  server.channels.push(audioSocketChannel(uuid, { id: '1.7', inStasis: true }));
  const ari = way();
  await ari.setVariable('1.7', 'REASON', 'a "b" & c=d\nsecond');
  assert.is(await ari.playDigit('1.7', '#'), 160);
  await ari.redirect('1.7', { context: 'human', extension: '100', priority: 1 });
  await ari.redirect('1.7', { context: 'human', extension: '100', priority: 'start' });
  assert.equal(server.done, ['variable 1.7 REASON=a "b" & c=d\nsecond', 'digit 1.7 #', 'continue 1.7 human,100,1', 'continue 1.7 human,100,start']);
  assert.equal(server.violations, []);
});

test('a caller is not sent where the dialplan has nothing', async () => {
  const { server, way } = take(await bench({ dialplan: ['human,100,1'] }));
  server.channels.push(audioSocketChannel(uuid, { id: '1.7', inStasis: true }));
  const refusal = await refusalOf(way().redirect('1.7', { context: 'human', extension: '101', priority: 1 }));
  assert.is(refusal, 'TP_ERR_ASTERISK_REFUSED: The dialplan of Asterisk has no human,101,1');
  assert.equal(server.done, []);
});

test('an Asterisk that cannot tell what its dialplan has is believed', async () => {
  const { server, way } = take(await bench());
  server.channels.push(audioSocketChannel(uuid, { id: '1.7', inStasis: true }));
  await way().redirect('1.7', { context: 'human', extension: '100', priority: 1 });
  assert.equal(server.done, ['continue 1.7 human,100,1']);
});

test('a channel outside of Stasis cannot be had, and the message says what to set', async () => {
  const { server, way } = take(await bench());
  server.channels.push(audioSocketChannel(uuid, { id: '1.7' }));
  for (const act of [
    way().playDigit('1.7', '1'),
    way().setVariable('1.7', 'A', 'b'),
    way().redirect('1.7', { context: 'human', extension: '100', priority: 1 }),
  ])
    assert.match(await refusalOf(act), /^TP_ERR_ASTERISK_UNSET: .*asterisk\.ami\.host/);
});

test('a channel that has gone, an id that needs escapes', async () => {
  const { server, way } = take(await bench());
  assert.match(await refusalOf(way().playDigit('1.7', '1')), /^TP_ERR_ASTERISK_CHANNEL:/);
  server.channels.push(audioSocketChannel(uuid, { id: 'a/b?c d', inStasis: true }));
  await way().playDigit('a/b?c d', '1');
  assert.equal(server.done, ['digit a/b?c d 1']);
});

test('a user who may only read looks up and does nothing', async () => {
  const { server, way } = take(await bench({ readOnly: true }));
  server.channels.push(audioSocketChannel(uuid, { id: '1.7', inStasis: true }));
  assert.is((await way().find(uuid))?.channelId, '1.7');
  assert.match(await refusalOf(way().playDigit('1.7', '1')), /^TP_ERR_ASTERISK_LOGIN: .*read_only/);
});

test('a wrong password is told as that, and not repeated', async () => {
  const { client } = take(await bench());
  const refusal = await refusalOf(client('planted-wrong-password').send({ method: 'GET', path: '/channels' }));
  assert.is(refusal, 'TP_ERR_ASTERISK_LOGIN: ARI refuses the user and the password of asterisk.ari');
});

test('an address without /ari is told as that', async () => {
  const { client, server } = take(await bench());
  assert.match(
    await refusalOf(client(undefined, server.url).send({ method: 'GET', path: '/channels' })),
    /^TP_ERR_ASTERISK_PROTOCOL: .*asterisk\.ari\.url/,
  );
});

const faults: [Fault, RegExp][] = [
  [{ type: 'refuse' }, /^TP_ERR_ASTERISK_CONNECT: ARI cannot be reached: [A-Z_]+$/],
  [{ type: 'status', status: 503 }, /^TP_ERR_ASTERISK_CONNECT: ARI answered with HTTP status 503$/],
  [{ type: 'status', status: 418 }, /^TP_ERR_ASTERISK_REFUSED: ARI answered with HTTP status 418$/],
  [{ type: 'status', status: 302 }, /^TP_ERR_ASTERISK_REFUSED: ARI answered with HTTP status 302$/],
  [{ type: 'garbage-json' }, /^TP_ERR_ASTERISK_PROTOCOL: ARI sent an answer that is not JSON$/],
  [{ type: 'close-in-reply', afterMs: 0 }, /^TP_ERR_ASTERISK_CONNECT: ARI cannot be reached: [A-Z_]+$/],
  [{ type: 'flood' }, /^TP_ERR_ASTERISK_PROTOCOL: ARI sent more than \d+ bytes$/],
];
for (const [fault, expected] of faults) {
  test(`an ARI that fails is told as what it did: ${JSON.stringify(fault)}`, async () => {
    const { server, way } = take(await bench());
    server.channels.push(audioSocketChannel(uuid));
    server.fault = fault;
    assert.match(await refusalOf(way().find(uuid)), expected);
    server.fault = undefined;
    assert.is((await way().find(uuid))?.channelId, '1795951044.7');
  });
}

for (const type of ['hang', 'drip'] as const) {
  test(`an ARI that keeps us waiting (${type}) is given up after two seconds`, async () => {
    const { server, way, clock } = take(await bench());
    server.channels.push(audioSocketChannel(uuid));
    server.fault = { type };
    const refusal = refusalOf(way().find(uuid));
    await eventually(deadlineMs, 'it was asked', () => server.openConnections === 1 && clock.pending === 1, 5);
    clock.advance(2000);
    assert.is(await refusal, 'TP_ERR_ASTERISK_TIMEOUT: ARI did not answer within 2000 ms');
    await eventually(deadlineMs, 'the connection is gone', () => server.openConnections === 0, 5);
  });
}

test('closing ends what is asked at the moment', async () => {
  const { server, client } = take(await bench());
  server.fault = { type: 'hang' };
  const ari = client();
  const refusal = refusalOf(ari.send({ method: 'GET', path: '/channels' }));
  await eventually(deadlineMs, 'it was asked', () => server.openConnections === 1, 5);
  ari.close();
  assert.match(await refusal, /^TP_ERR_ASTERISK_TIMEOUT:/);
  assert.match(await refusalOf(ari.send({ method: 'GET', path: '/channels' })), /^TP_ERR_ASTERISK_TIMEOUT:/);
});

test('a list with fields of every wrong kind is refused, or read without them', () => {
  const right = {
    id: '1.1',
    name: 'PJSIP/a',
    caller: { number: '1', name: 'n' },
    dialplan: { app_name: 'a', app_data: 'd' },
    channelvars: { A: 'b' },
  };
  assert.equal(channelsOf([right])[0]?.variables, new Map([['A', 'b']]));
  for (const wrong of [null, {}, 'text', 7, undefined]) assert.throws(() => channelsOf(wrong), isProtocolError);
  for (const wrong of [null, 7, 'text', {}, [], { ...right, id: 7 }, { ...right, name: null }])
    assert.throws(() => channelsOf([wrong]), isProtocolError);
  for (const wrong of [null, 7, 'text', undefined, []]) {
    const [channel] = channelsOf([{ ...right, caller: wrong, dialplan: wrong, channelvars: wrong }]);
    assert.equal([channel?.number, channel?.callerName, channel?.application, channel?.data], ['', '', '', '']);
  }
  assert.equal([...(channelsOf([{ ...right, channelvars: { A: 1, B: null, C: 'c' } }])[0]?.variables ?? [])], [['C', 'c']]);
});

const isProtocolError = (error: AsteriskError): boolean => error.code === 'TP_ERR_ASTERISK_PROTOCOL';
const callOf = (i: number): string => `40325ec2-5efd-4bd3-805f-${String(i).padStart(12, '0')}`;

/** The methods of a bench, to be taken apart. */
function take(started: Bench) {
  return {
    server: started.server,
    clock: started.clock,
    way: () => started.way(),
    client: (password?: string, url?: string) => started.client(password, url),
  };
}

test.run();
