import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AmiServer, type AmiServerOptions } from '#emulators/ami-server.js';
import { AriServer } from '#emulators/ari-server.js';
import { audioSocketChannel, type EmulatedChannel, otherChannel } from '#emulators/asterisk-channel.js';
import { AmiClient } from '#talkpath/asterisk/ami/client.js';
import { AmiWay } from '#talkpath/asterisk/ami/way.js';
import { AriClient } from '#talkpath/asterisk/ari/client.js';
import { AriWay } from '#talkpath/asterisk/ari/way.js';
import type { AsteriskError } from '#talkpath/asterisk/asterisk-error.js';
import { ChannelBook } from '#talkpath/asterisk/channel-book.js';
import { AsteriskControl } from '#talkpath/asterisk/control.js';
import { type Clock, systemClock } from '#talkpath/base/clock.js';
import { eventually, within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

const test = suite('what is done to calls in Asterisk');
const deadlineMs = 3000;
const uuid = '40325ec2-5efd-4bd3-805f-53576e581d13';
const other = '11111111-2222-4333-8444-555555555555';
const human = { context: 'human', extension: '100', priority: 1 };

class Bench {
  readonly book = new ChannelBook();
  readonly ami: AmiServer;
  readonly ari = new AriServer({ dialplan: ['human,100,1'] });
  readonly clients: { close(): void }[] = [];

  constructor(options: AmiServerOptions) {
    this.ami = new AmiServer(options);
  }

  /** Over those of the ways that are named. */
  async control(ways: readonly ('ami' | 'ari')[], clock: Clock = systemClock): Promise<AsteriskControl> {
    let amiWay: AmiWay | undefined;
    if (ways.includes('ami')) {
      const { port, user, secret } = this.ami;
      const onEvent: AmiWay['takeEvent'] = (event) => amiWay?.takeEvent(event);
      const client = new AmiClient({ host: '127.0.0.1', port, user, secret, clock: systemClock, onEvent, onState: () => {} });
      amiWay = new AmiWay(client, this.book, ['ORDER']);
      this.clients.push(client);
      client.start();
      await eventually(deadlineMs, 'the manager is connected', () => client.isConnected, 5);
    }
    const ari = new AriClient({ url: this.ari.ariUrl, user: this.ari.user, password: this.ari.password, clock: systemClock });
    this.clients.push(ari);
    return new AsteriskControl({ ami: amiWay, ari: ways.includes('ari') ? new AriWay(ari, ['ORDER']) : undefined, book: this.book, clock });
  }

  get violations(): string[] {
    return [...this.ami.violations, ...this.ari.violations];
  }
}

let benches: Bench[] = [];
async function bench(options: AmiServerOptions = { dialplan: ['human,100,1'] }): Promise<Bench> {
  const started = new Bench(options);
  benches.push(started);
  await Promise.all([started.ami.listen(), started.ari.listen()]);
  return started;
}
test.after.each(async () => {
  const used = benches;
  benches = [];
  for (const { clients, ami, ari } of used) {
    for (const client of clients) client.close();
    await eventually(deadlineMs, 'no connection is left', () => ami.openConnections + ari.openConnections === 0, 5);
    await Promise.all([ami.close(), ari.close()]);
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

test("a caller is sent on, hears digits and gets a variable by the manager, as soon as the dialplan's step was told", async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  started.ami.newexten(audioSocketChannel(uuid, { id: '1.7' }));
  await eventually(deadlineMs, 'the channel is known', () => started.book.channelOf(uuid) === '1.7', 5);
  await control.setVariable(uuid, 'REASON', 'wants "help", 50 %');
  await control.playDigits(uuid, '1w#');
  await control.redirect(uuid, human);
  assert.equal(started.ami.done, ['setvar 1.7 REASON=wants "help", 50 %', 'digit 1.7 1', 'digit 1.7 #', 'redirect 1.7 human,100,1']);
  assert.equal(started.violations, []);
});

test('a call that began before the manager was connected is found among the channels', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  started.ami.channels.push(otherChannel('1.1'), audioSocketChannel(other, { id: '1.2' }), audioSocketChannel(uuid, { id: '1.3' }));
  await control.redirect(uuid, human);
  assert.equal(started.ami.done, ['redirect 1.3 human,100,1']);
});

test('the channel that Dial(AudioSocket/…) makes is left alone', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  const made = audioSocketChannel(uuid, { id: '1.4', name: `AudioSocket/127.0.0.1:9092-${uuid}`, application: 'AppDial', data: '(Outgoing Line)' });
  const dialling = audioSocketChannel(uuid, { id: '1.3', application: 'Dial', data: `AudioSocket/127.0.0.1:9092/${uuid}/c(slin16),,g` });
  started.ami.newexten({ ...made, variables: new Map([['AUDIOSOCKET_UUID', uuid]]) });
  started.ami.newexten(dialling);
  await control.setVariable(uuid, 'A', 'b');
  assert.equal(started.ami.done, ['setvar 1.3 A=b']);
});

test('a channel that was known and has gone is looked for once more', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  started.book.enter(uuid, 'gone');
  started.ami.channels.push(audioSocketChannel(uuid, { id: '1.3' }));
  await control.setVariable(uuid, 'A', 'b');
  assert.equal(started.ami.done, ['setvar 1.3 A=b']);
  assert.is(started.book.channelOf(uuid), '1.3');
});

test('a call that Asterisk does not have is told by its UUID', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  started.book.enter(uuid, 'gone');
  assert.is(await refusalOf(control.redirect(uuid, human)), `TP_ERR_ASTERISK_CHANNEL: Asterisk has no channel of call ${uuid}`);
});

test('a caller is not sent where the dialplan has nothing: Asterisk would hang up', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  started.ami.channels.push(audioSocketChannel(uuid));
  const refusal = await refusalOf(control.redirect(uuid, { ...human, extension: '101' }));
  assert.is(refusal, 'TP_ERR_ASTERISK_REFUSED: The dialplan of Asterisk has no human,101,1');
  assert.equal(started.ami.done, []);
});

test('an Asterisk that cannot tell what its dialplan has is believed', async () => {
  const started = await bench({});
  const control = await started.control(['ami']);
  started.ami.channels.push(audioSocketChannel(uuid));
  await control.redirect(uuid, human);
  assert.is(started.ami.done.length, 1);
});

test('a user without the right to call is told as that, and the caller is not named', async () => {
  const started = await bench({ write: ['reporting'] });
  const control = await started.control(['ami']);
  started.ami.channels.push(audioSocketChannel(uuid, { name: 'PJSIP/4917-planted' }));
  const refusal = await refusalOf(control.redirect(uuid, human));
  assert.is(refusal, 'TP_ERR_ASTERISK_LOGIN: The user of asterisk.ami lacks the right to Redirect');
});

test('digits are apart, and those of two requests are not mixed', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  started.ami.channels.push(audioSocketChannel(uuid, { id: '1.7' }), audioSocketChannel(other, { id: '1.8' }));
  await Promise.all([control.playDigits(uuid, '12'), control.playDigits(uuid, '34'), control.playDigits(other, '9')]);
  const ofCall = (id: string): string =>
    started.ami.done
      .filter((done) => done.startsWith(`digit ${id}`))
      .map((done) => done.at(-1))
      .join('');
  assert.equal([ofCall('1.7'), ofCall('1.8')], ['1234', '9']);
});

test('a request after one that failed is played all the same', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  const failing = refusalOf(control.playDigits(uuid, '1'));
  const playing = control.playDigits(uuid, '2');
  started.ami.channels.push(audioSocketChannel(uuid, { id: '1.7' }));
  assert.match(await failing, /^(nothing|TP_ERR_ASTERISK_CHANNEL)/);
  await playing;
  assert.is(started.ami.done.at(-1), 'digit 1.7 2');
});

test('digits that nobody waits for any more stop, and leave no timer', async () => {
  const started = await bench();
  const clock = new ManualClock();
  const control = await started.control(['ami'], clock);
  started.ami.channels.push(audioSocketChannel(uuid, { id: '1.7' }));
  const abort = new AbortController();
  const playing = control.playDigits(uuid, '12345', abort.signal);
  await eventually(deadlineMs, 'the pause after the first digit', () => clock.pending === 1, 5);
  abort.abort();
  await within(deadlineMs, 'it ends', playing);
  assert.equal([started.ami.done, clock.pending], [['digit 1.7 1'], 0]);
});

test('by REST a digit lasts as long as it is played', async () => {
  const started = await bench();
  const clock = new ManualClock();
  const control = await started.control(['ari'], clock);
  started.ari.channels.push(audioSocketChannel(uuid, { id: '1.7', inStasis: true }));
  const playing = control.playDigits(uuid, '12');
  await eventually(deadlineMs, 'the first digit', () => clock.pending === 1, 5);
  clock.advance(239);
  assert.is(started.ari.done.length, 1);
  clock.advance(1);
  await eventually(deadlineMs, 'the second digit', () => started.ari.done.length === 2 && clock.pending === 1, 5);
  clock.advance(160);
  await within(deadlineMs, 'all are played', playing);
  assert.equal(started.violations, []);
});

test('by REST a call in the dialplan cannot be had, one in Stasis can', async () => {
  const started = await bench();
  const control = await started.control(['ari']);
  started.ari.channels.push(audioSocketChannel(uuid), audioSocketChannel(other, { id: '1.8', inStasis: true }));
  assert.match(await refusalOf(control.playDigits(uuid, '1')), /^TP_ERR_ASTERISK_UNSET: .*asterisk\.ami\.host/);
  await control.redirect(other, human);
  assert.equal(started.ari.done, ['continue 1.8 human,100,1']);
});

test('where both are set the manager acts, and REST looks up', async () => {
  const started = await bench();
  const control = await started.control(['ami', 'ari']);
  const channel = audioSocketChannel(uuid, { variables: new Map([['AI_CONTEXT', 'sales']]) });
  started.ami.channels.push(channel);
  started.ari.channels.push(channel);
  assert.is((await control.lookUp(uuid))?.context, 'sales');
  await control.redirect(uuid, human);
  assert.equal([started.ari.listings, started.ari.done.length, started.ami.done.length], [1, 0, 1]);
});

for (const way of ['ami', 'ari'] as const) {
  test(`a call is looked up with its variables and its caller (${way})`, async () => {
    const started = await bench();
    const control = await started.control([way]);
    const variables = new Map([
      ['AI_CONTEXT', 'sales'],
      ['ORDER', 'a=b: c'],
      ['OTHER', 'not named'],
    ]);
    const channels: EmulatedChannel[] = [otherChannel('1.1'), audioSocketChannel(uuid, { variables })];
    started[way].channels.push(...channels);
    assert.equal(await control.lookUp(uuid), {
      provider: undefined,
      profile: undefined,
      context: 'sales',
      caller: { number: '+41791234567', name: 'An Na' },
      variables: { ORDER: 'a=b: c' },
    });
    assert.is(await control.lookUp(other), undefined);
    assert.equal(started.violations, []);
  });
}

test('a caller whom Asterisk does not know has neither number nor name', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  const { number, callerName, ...unknown } = audioSocketChannel(uuid);
  assert.ok(number && callerName);
  started.ami.channels.push(unknown);
  assert.equal((await control.lookUp(uuid))?.caller, { number: undefined, name: undefined });
});

test('a look-up costs half a second at most', async () => {
  const started = await bench();
  const clock = new ManualClock();
  const control = await started.control(['ari'], clock);
  started.ari.fault = { type: 'hang' };
  const refusal = refusalOf(control.lookUp(uuid));
  assert.is(clock.pending, 1);
  clock.advance(500);
  assert.is(await refusal, 'TP_ERR_ASTERISK_TIMEOUT: Asterisk did not answer within 500 ms');
});

test('a look-up that is not waited for any more ends', async () => {
  const started = await bench();
  const clock = new ManualClock();
  const control = await started.control(['ari'], clock);
  started.ari.fault = { type: 'hang' };
  const abort = new AbortController();
  const refusal = refusalOf(control.lookUp(uuid, abort.signal));
  abort.abort();
  assert.match(await refusal, /^TP_ERR_ASTERISK_TIMEOUT:/);
  assert.is(clock.pending, 0);
  assert.match(await refusalOf(control.lookUp(uuid, abort.signal)), /^TP_ERR_ASTERISK_TIMEOUT:/);
});

test('where nothing is set each ability says what to set, and nothing is looked up', async () => {
  const control = await (await bench()).control([]);
  assert.not.ok(control.isSet);
  assert.is(await control.lookUp(uuid), undefined);
  for (const [ability, act] of [
    ['redirect a call', control.redirect(uuid, human)],
    ['play digits', control.playDigits(uuid, '1')],
    ['set a variable', control.setVariable(uuid, 'A', 'b')],
  ] as const)
    assert.is(
      await refusalOf(act),
      `TP_ERR_ASTERISK_UNSET: Nothing is set by which to ${ability} in Asterisk: set asterisk.ami.host, asterisk.ami.user and asterisk.ami.secret`,
    );
});

test('what could be taken for something else is refused before anything is sent, and not repeated', async () => {
  const started = await bench();
  const control = await started.control(['ami']);
  started.ami.channels.push(audioSocketChannel(uuid));
  const planted = 'planted';
  const wrong: [string, Promise<unknown>][] = [
    ['a line end in a value', control.setVariable(uuid, 'A', `${planted}\r\nAction: Originate`)],
    ['a long value', control.setVariable(uuid, 'A', planted.repeat(200))],
    ['a function', control.setVariable(uuid, `SHELL(${planted})`, 'b')],
    ['a name with a line end', control.setVariable(uuid, `A\r\nX: ${planted}`, 'b')],
    ['an empty name', control.setVariable(uuid, '', planted)],
    ['letters as digits', control.playDigits(uuid, planted)],
    ['no digits', control.playDigits(uuid, '')],
    ['too many digits', control.playDigits(uuid, '1'.repeat(65))],
    ['a context with a comma', control.redirect(uuid, { ...human, context: `${planted},1` })],
    ['a function as extension', control.redirect(uuid, { ...human, extension: `\${${planted}}` })],
    ['an empty extension', control.redirect(uuid, { ...human, extension: '' })],
    ['a line end in an extension', control.redirect(uuid, { ...human, extension: '1\r\nX: y' })],
    ['priority 0', control.redirect(uuid, { ...human, priority: 0 })],
    ['half a priority', control.redirect(uuid, { ...human, priority: 1.5 })],
    ['a label with a comma', control.redirect(uuid, { ...human, priority: `${planted},1` })],
  ];
  for (const [what, act] of wrong) {
    const refusal = await refusalOf(act);
    assert.match(refusal, /^TP_ERR_ASTERISK_VALUE: Expected /, what);
    assert.not.match(refusal, /planted/, what);
  }
  assert.equal(started.ami.done, []);
});

test.run();
