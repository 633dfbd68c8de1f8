import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AmiFault, AmiServer, type AmiServerOptions } from '#emulators/ami-server.js';
import { audioSocketChannel, otherChannel } from '#emulators/asterisk-channel.js';
import { AmiClient } from '#talkpath/asterisk/ami/client.js';
import { AmiConnection } from '#talkpath/asterisk/ami/connection.js';
import type { AmiMessage } from '#talkpath/asterisk/ami/message.js';
import type { AsteriskError } from '#talkpath/asterisk/asterisk-error.js';
import { eventually, within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

const test = suite("the connection to Asterisk's manager");
const deadlineMs = 3000;
const uuid = '40325ec2-5efd-4bd3-805f-53576e581d13';

/** A manager and a client of it, on a clock that stands still. */
class Bench {
  readonly clock = new ManualClock();
  readonly server: AmiServer;
  readonly states: string[] = [];
  readonly events: AmiMessage[] = [];
  client: AmiClient | undefined;

  constructor(options: AmiServerOptions = {}) {
    this.server = new AmiServer(options);
  }

  start({ secret = this.server.secret, random = () => 0 }: { secret?: string; random?: () => number } = {}): AmiClient {
    this.client = new AmiClient({
      host: '127.0.0.1',
      port: this.server.port,
      user: this.server.user,
      secret,
      clock: this.clock,
      onEvent: (event) => void this.events.push(event),
      onState: (lost) => void this.states.push(lost?.code ?? 'connected'),
      random,
    });
    this.client.start();
    return this.client;
  }

  state(count: number): Promise<unknown> {
    return eventually(deadlineMs, `${count} states are told`, () => this.states.length >= count, 5);
  }

  async connected(): Promise<AmiClient> {
    const client = this.start();
    await eventually(deadlineMs, 'it is connected', () => client.isConnected, 5);
    return client;
  }
}

let benches: Bench[] = [];
async function bench(options: AmiServerOptions = {}, fault?: AmiFault): Promise<Bench> {
  const started = new Bench(options);
  benches.push(started);
  started.server.fault = fault;
  await started.server.listen();
  return started;
}
test.after.each(async () => {
  const [used, unused] = [benches, []];
  benches = unused;
  for (const { client, server, clock } of used) {
    client?.close();
    await eventually(deadlineMs, 'no connection is left', () => server.openConnections === 0, 5);
    assert.is(clock.pending, 0, 'no timer is left');
    await within(deadlineMs, 'the manager closes', server.close());
  }
});

/** The code that something is rejected with. */
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing',
    (error: AsteriskError) => error.code,
  );

test('it logs in without sending the secret, asks, and gets the events of the dialplan', async () => {
  const { server, events, connected } = take(await bench());
  const client = await connected();
  assert.is((await client.ask('Ping')).get('Ping'), 'Pong');
  server.newexten(audioSocketChannel(uuid));
  await eventually(deadlineMs, 'the event', () => events.length === 1, 5);
  assert.equal([events[0]?.get('Event'), events[0]?.get('AppData')], ['Newexten', `${uuid},127.0.0.1:9092`]);
  assert.equal(server.violations, []);
});

test('a list comes with all of its events, and with those of no other', async () => {
  const { server, events, connected } = take(await bench());
  const client = await connected();
  for (let i = 0; i < 50; i += 1) server.channels.push(otherChannel(`1.${i}`));
  const listing = client.list('Status');
  server.newexten(audioSocketChannel(uuid));
  const messages = await within(deadlineMs, 'the list', listing);
  assert.is(messages.filter((message) => message.get('Event') === 'Status').length, 51);
  assert.is(messages.at(-1)?.get('Event'), 'StatusComplete');
  await eventually(deadlineMs, 'the event of the dialplan', () => events.length === 1, 5);
});

test('many actions at a time are answered each with its own', async () => {
  const { server, connected } = take(await bench());
  const client = await connected();
  server.channels.push({ ...otherChannel('1.1'), variables: new Map(Array.from({ length: 100 }, (_, i) => [`V${i}`, `value ${i}`])) });
  const values = await Promise.all(Array.from({ length: 100 }, (_, i) => client.ask('Getvar', { Channel: '1.1', Variable: `V${i}` })));
  assert.equal(
    values.map((message) => message.get('Value')),
    Array.from({ length: 100 }, (_, i) => `value ${i}`),
  );
});

test('more actions than anybody needs are not kept waiting', async () => {
  const { server, connected } = take(await bench());
  const client = await connected();
  server.fault = 'mute';
  const asked = Array.from({ length: 201 }, () => codeOf(client.ask('Ping')));
  assert.is(await within(deadlineMs, 'the last is refused', asked[200] as Promise<string>), 'TP_ERR_ASTERISK_TIMEOUT');
});

test('an action that is not answered in two seconds is given up, the connection stays', async () => {
  const { server, clock, states, connected } = take(await bench());
  const client = await connected();
  server.fault = 'mute';
  const asked = codeOf(client.ask('Status'));
  clock.advance(2000);
  assert.is(await within(deadlineMs, 'it is given up', asked), 'TP_ERR_ASTERISK_TIMEOUT');
  server.fault = undefined;
  assert.is((await client.ask('Ping')).get('Ping'), 'Pong');
  assert.equal(states, ['connected']);
});

test('without a connection everything is refused at once', async () => {
  const { start, state } = take(await bench({}, 'refuse'));
  const client = start();
  assert.is(await codeOf(client.ask('Ping')), 'TP_ERR_ASTERISK_CONNECT');
  assert.is(await codeOf(client.list('Status')), 'TP_ERR_ASTERISK_CONNECT');
  await state(1);
});

test('a manager that is lost takes its open actions with it, and is connected with again', async () => {
  const { server, clock, states, state, connected } = take(await bench());
  const client = await connected();
  server.fault = 'lose';
  assert.is(await within(deadlineMs, 'the action ends', codeOf(client.ask('Status'))), 'TP_ERR_ASTERISK_CONNECT');
  await state(2);
  assert.not.ok(client.isConnected);
  server.fault = undefined;
  clock.advance(250);
  await state(3);
  assert.equal(states, ['connected', 'TP_ERR_ASTERISK_CONNECT', 'connected']);
  assert.is((await client.ask('Ping')).get('Ping'), 'Pong');
});

test('attempts grow apart to half a minute, with chance in them, and one loss is told once', async () => {
  const { clock, states, start } = take(await bench({}, 'refuse'));
  let delays = 0;
  start({
    random: () => {
      delays += 1;
      return 1;
    },
  });
  for (const [i, delayMs] of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
    await eventually(deadlineMs, `attempt ${i + 1} has failed`, () => delays === i + 1, 5);
    clock.advance(delayMs - 1);
    assert.is(clock.pending, 1, `${delayMs} ms are not over`);
    clock.advance(1);
  }
  await eventually(deadlineMs, 'the last attempt has failed', () => delays === 9, 5);
  assert.equal(states, ['TP_ERR_ASTERISK_CONNECT']);
});

test('a connection that held starts the delays anew', async () => {
  const { server, clock, states, state, connected } = take(await bench());
  const client = await connected();
  for (let i = 0; i < 4; i += 1) {
    clock.advance(15_000);
    await within(deadlineMs, 'the ping is answered', client.ask('Ping'));
    await eventually(deadlineMs, 'the next ping is set', () => clock.pending === 1, 5);
  }
  server.dropAll();
  await state(2);
  clock.advance(250);
  await state(3);
  assert.equal(states, ['connected', 'TP_ERR_ASTERISK_CONNECT', 'connected']);
});

test('a manager that has died without a word is noticed by the ping, and let go', async () => {
  const { server, clock, states, state, connected } = take(await bench());
  await connected();
  server.fault = 'mute';
  clock.advance(15_000);
  clock.advance(2000);
  await state(2);
  assert.equal(states, ['connected', 'TP_ERR_ASTERISK_TIMEOUT']);
  await eventually(deadlineMs, 'the connection is gone', () => server.openConnections === 0, 5);
});

for (const [fault, code] of [
  ['refuse', 'TP_ERR_ASTERISK_CONNECT'],
  ['not-a-manager', 'TP_ERR_ASTERISK_PROTOCOL'],
] as const) {
  test(`what answers is no manager (${fault}): that is told, and tried again`, async () => {
    const { server, clock, states, state, start } = take(await bench({}, fault));
    const client = start();
    await state(1);
    assert.equal(states, [code]);
    server.fault = undefined;
    clock.advance(500);
    await eventually(deadlineMs, 'it is connected', () => client.isConnected, 5);
  });
}

test('a manager that says nothing is given up after three seconds', async () => {
  const { clock, states, state, start, server } = take(await bench({}, 'hang'));
  start();
  await eventually(deadlineMs, 'the connection stands', () => server.openConnections === 1, 5);
  clock.advance(3000);
  await state(1);
  assert.equal(states, ['TP_ERR_ASTERISK_TIMEOUT']);
});

test('a wrong secret is told as that, and not repeated', async () => {
  const { states, state, start, server } = take(await bench());
  start({ secret: 'planted-wrong-secret' });
  await state(1);
  assert.equal(states, ['TP_ERR_ASTERISK_LOGIN']);
  assert.is(server.logIns, 0);
});

test('a manager that pours out something without line ends is let go', async () => {
  const { server, states, state, start } = take(await bench({}, 'long-line'));
  start();
  await state(2);
  assert.equal(states, ['connected', 'TP_ERR_ASTERISK_PROTOCOL']);
  server.fault = undefined;
});

test('a manager that sends a byte at a time is understood', async () => {
  const { connected } = take(await bench({}, 'drip'));
  const client = await connected();
  assert.is((await client.ask('Ping')).get('Ping'), 'Pong');
});

test('a flood of events does not keep an answer away', async () => {
  const { connected, server, events } = take(await bench({}, 'flood'));
  const client = await connected();
  assert.is((await within(deadlineMs, 'the answer', client.ask('Ping'))).get('Ping'), 'Pong');
  assert.ok(events.length > 0);
  server.fault = undefined;
});

test('a connection that stands, or has failed, leaves nothing at the signal that could have ended it', async () => {
  const { server, clock } = take(await bench());
  const { signal } = new AbortController();
  const options = { host: '127.0.0.1', port: server.port, user: server.user, clock, onEvent: () => {}, onLost: () => {} };
  const connection = await AmiConnection.open({ ...options, secret: server.secret }, signal);
  assert.is(await codeOf(AmiConnection.open({ ...options, secret: 'wrong' }, signal)), 'TP_ERR_ASTERISK_LOGIN');
  assert.equal(getEventListeners(signal, 'abort'), []);
  connection.close();
});

test('closing ends everything, in each state and twice', async () => {
  const opening = await bench({}, 'hang');
  const client = opening.start();
  await eventually(deadlineMs, 'the connection stands', () => opening.server.openConnections === 1, 5);
  client.close();
  client.close();
  const waiting = await bench({}, 'refuse');
  waiting.start();
  await waiting.state(1);
  waiting.client?.close();
  const open = await bench();
  const connected = await open.connected();
  open.server.fault = 'mute';
  const asked = codeOf(connected.ask('Ping'));
  connected.close();
  assert.is(await within(deadlineMs, 'the action ends', asked), 'TP_ERR_ASTERISK_CONNECT');
  assert.is(await codeOf(connected.ask('Ping')), 'TP_ERR_ASTERISK_CONNECT');
  assert.equal([opening.states, open.states], [[], ['connected']]);
});

/** The methods of a bench, to be taken apart. */
function take(started: Bench) {
  return {
    server: started.server,
    clock: started.clock,
    states: started.states,
    events: started.events,
    start: (options?: Parameters<Bench['start']>[0]) => started.start(options),
    state: (count: number) => started.state(count),
    connected: () => started.connected(),
  };
}

test.run();
