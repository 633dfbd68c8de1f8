import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AgiClient } from '#emulators/agi-client.js';
import { AmiServer } from '#emulators/ami-server.js';
import { AriServer } from '#emulators/ari-server.js';
import { audioSocketChannel } from '#emulators/asterisk-channel.js';
import { AsteriskLink, type LookUpOutcome } from '#talkpath/asterisk/asterisk-link.js';
import { systemClock } from '#talkpath/base/clock.js';
import { silentLog } from '#talkpath/base/log.js';
import type { Registration } from '#talkpath/call/announcements.js';
import { parseSettings } from '#talkpath/config/load.js';
import { eventually, within } from '../../support/deadline.js';

const test = suite('the ways to Asterisk, as they are set');
const deadlineMs = 3000;
const uuid = '40325ec2-5efd-4bd3-805f-53576e581d13';

class Bench {
  readonly lines: string[] = [];
  readonly announced: [string, Registration][] = [];
  readonly dialplans: string[] = [];
  readonly lookUps: LookUpOutcome[] = [];
  readonly link: AsteriskLink;

  constructor(settings: string) {
    const note = (level: string) => (fields: object, message: string) => void this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    this.link = new AsteriskLink({
      settings: parseSettings(settings, 'test'),
      clock: systemClock,
      log: { ...silentLog, info: note('info'), warn: note('warn'), error: note('error') },
      announce: (callId, registration) => {
        this.announced.push([callId, registration]);
        return Promise.resolve('announced');
      },
      onDialplan: (outcome) => void this.dialplans.push(outcome),
      onLookUp: (outcome) => void this.lookUps.push(outcome),
    });
  }
}

let benches: Bench[] = [];
function bench(settings: string): Bench {
  const started = new Bench(settings);
  benches.push(started);
  return started;
}
const ami = new AmiServer({ dialplan: ['human,100,1'] });
const ari = new AriServer();
test.before(async () => {
  await Promise.all([ami.listen(), ari.listen()]);
});
test.before.each(() => {
  ami.channels.length = 0;
  ari.channels.length = 0;
  ari.fault = undefined;
});
test.after.each(async () => {
  const used = benches;
  benches = [];
  for (const { link } of used) await within(deadlineMs, 'the link closes', link.close());
  await eventually(deadlineMs, 'no connection is left', () => ami.openConnections + ari.openConnections === 0, 5);
});
test.after(async () => {
  await Promise.all([ami.close(), ari.close()]);
});

const amiSettings = (): string => `ami: {host: 127.0.0.1, port: ${ami.port}, user: ${ami.user}, secret: ${ami.secret}}`;
const ariSettings = (): string => `ari: {url: "${ari.ariUrl}", user: ${ari.user}, password: ${ari.password}}`;

test('without any setting nothing listens, connects, or is looked up', async () => {
  const { link, lines, lookUps } = bench('');
  assert.is(await link.start(), undefined);
  assert.is(link.isManagerConnected, undefined);
  assert.is(await link.lookUp(uuid), undefined);
  assert.equal([lines, lookUps], [[], []]);
});

test('a dialplan is answered where AGI is set, by whoever is allowed to bring calls', async () => {
  const { link, announced, dialplans } = bench('audiosocket: {allow: [127.0.0.3]}\nasterisk: {agi: {port: 0}}');
  const port = (await link.start())?.port ?? 0;
  await AgiClient.run({ port });
  await eventually(deadlineMs, 'it was refused', () => dialplans.length === 1, 5);
  const client = await AgiClient.run({ port, localAddress: '127.0.0.3' });
  assert.is(client.variables.get('TALKPATH_STATUS'), 'announced');
  assert.is(announced[0]?.[0], client.variables.get('TALKPATH_UUID'));
  assert.equal(dialplans, ['not-allowed', 'announced']);
});

test('the channel of a dialplan that asked by AGI is known to the manager at once', async () => {
  const { link } = bench(`asterisk: {agi: {port: 0}, ${amiSettings()}}`);
  const port = (await link.start())?.port ?? 0;
  await eventually(deadlineMs, 'the manager is connected', () => link.isManagerConnected, 5);
  const client = await AgiClient.run({ port });
  // Asterisk itself would not find it: it runs nothing, and has no variables.
  ami.channels.push({ ...audioSocketChannel(uuid), id: client.channelId, application: 'Wait', data: '' });
  await link.control.redirect(client.variables.get('TALKPATH_UUID') ?? '', { context: 'human', extension: '100', priority: 1 });
  assert.equal(ami.done, [`redirect ${client.channelId} human,100,1`]);
});

test('many dialplans that are refused are one line of the log, with neither number nor name', async () => {
  const { link, lines } = bench('asterisk: {agi: {port: 0}}');
  const port = (await link.start())?.port ?? 0;
  for (let i = 0; i < 5; i += 1) await AgiClient.run({ port, caller: { number: '+4179planted' }, variables: { AI_CONTEXT: 'planted' } });
  await link.close();
  assert.equal(lines, [
    'warn calls of dialplans were not announced {"reason":"refused:unknown-context","times":1}',
    'warn calls of dialplans were not announced {"reason":"refused:unknown-context","times":4}',
  ]);
});

test('the log says when the manager is there, and why it is not', async () => {
  const { link, lines } = bench(`asterisk: {${amiSettings()}}`);
  await link.start();
  await eventually(deadlineMs, 'the manager is connected', () => link.isManagerConnected, 5);
  ami.dropAll();
  await eventually(deadlineMs, 'it is connected again', () => lines.length === 3, 5);
  for (const line of [lines[0], lines[2]]) assert.is(line, 'info connected to the manager of Asterisk {}');
  assert.match(lines[1] ?? '', /^warn no connection to the manager of Asterisk \{"code":"TP_ERR_ASTERISK_CONNECT"/);
  assert.not.match(lines.join(), new RegExp(ami.secret));
});

test('a call that nobody announced is looked up, and what became of it is counted', async () => {
  const { link, lookUps } = bench(`asterisk: {variables: [ORDER], ${ariSettings()}}`);
  ari.channels.push(audioSocketChannel(uuid, { variables: new Map([['ORDER', '42']]) }));
  assert.equal((await link.lookUp(uuid))?.variables, { ORDER: '42' });
  assert.is(await link.lookUp('11111111-2222-4333-8444-555555555555'), undefined);
  ari.fault = { type: 'status', status: 500 };
  assert.is(await link.lookUp(uuid), undefined);
  assert.equal(lookUps, ['found', 'not-found', 'TP_ERR_ASTERISK_CONNECT']);
});

test('a channel that names what the settings do not have is set up without it, and the log says which', async () => {
  const { link, lines } = bench(`contexts: {sales: {}}\nasterisk: {${ariSettings()}}`);
  const variables = new Map([
    ['AI_CONTEXT', 'sales'],
    ['AI_PROVIDER', 'planted'],
    ['AI_AUDIO_PROFILE', 'planted'],
  ]);
  ari.channels.push(audioSocketChannel(uuid, { variables }));
  const registration = await link.lookUp(uuid);
  assert.equal([registration?.context, registration?.provider, registration?.profile], ['sales', undefined, undefined]);
  assert.equal(
    lines,
    ['unknown-provider', 'unknown-profile'].map((reason) => `warn calls were not looked up in Asterisk {"reason":"${reason}","times":1}`),
  );
});

test('a channel that says more than may be said is taken without it', async () => {
  const { link } = bench(`asterisk: {variables: [NOTE], ${ariSettings()}}`);
  ari.channels.push(audioSocketChannel(uuid, { variables: new Map([['NOTE', 'x'.repeat(4097)]]) }));
  assert.equal(await link.lookUp(uuid), { caller: {}, variables: {} });
});

const destinations = `transfer:
  destinations:
    sales: {description: Sales, context: human, extension: "100"}
    dialplan: {description: Wherever the dialplan goes}
    nowhere: {description: Not there, context: human, extension: "101"}
`;

test('a caller is sent on to a destination that has a place in the dialplan, once a call', async () => {
  const { link, lines } = bench(`${destinations}asterisk: {${amiSettings()}}`);
  await link.start();
  await eventually(deadlineMs, 'the manager is connected', () => link.isManagerConnected, 5);
  ami.done.length = 0;
  ami.channels.push(audioSocketChannel(uuid, { id: '1.7' }));
  assert.not.ok(await link.sendOn(uuid, 'nobody'));
  assert.ok(await link.sendOn(uuid, 'sales'));
  assert.not.ok(await link.sendOn(uuid, 'sales'));
  assert.equal(ami.done, ['redirect 1.7 human,100,1']);
  link.callEnded(uuid);
  assert.ok(await link.sendOn(uuid, 'sales'));
  assert.is(lines.length, 1);
});

test('a destination without a place is left for the dialplan to find', async () => {
  const { link } = bench(`${destinations}asterisk: {${amiSettings()}}`);
  await link.start();
  await eventually(deadlineMs, 'the manager is connected', () => link.isManagerConnected, 5);
  ami.done.length = 0;
  ami.channels.push(audioSocketChannel(uuid, { id: '1.7' }));
  assert.not.ok(await link.sendOn(uuid, 'dialplan'));
  assert.equal(ami.done, ['setvar 1.7 TALKPATH_NEXT=dialplan']);
});

test('a caller who cannot be sent on, or hear keys, is told of in the log by the code, without the keys', async () => {
  const { link, lines } = bench(destinations);
  assert.not.ok(await link.sendOn('11111111-2222-4333-8444-555555555555', 'dialplan'));
  assert.not.ok(await link.sendOn(uuid, 'nowhere'));
  assert.not.ok(await link.pressKeys(uuid, '4711', new AbortController().signal));
  assert.match(lines[0] ?? '', /^warn caller was not sent on .*"code":"TP_ERR_ASTERISK_UNSET"/);
  assert.match(lines[1] ?? '', /^warn keys were not pressed .*"code":"TP_ERR_ASTERISK_UNSET"/);
  assert.not.match(lines.join(), /4711/);
});

test('keys are pressed for an agent', async () => {
  const { link } = bench(`asterisk: {${amiSettings()}}`);
  await link.start();
  await eventually(deadlineMs, 'the manager is connected', () => link.isManagerConnected, 5);
  ami.done.length = 0;
  ami.channels.push(audioSocketChannel(uuid, { id: '1.7' }));
  assert.ok(await link.pressKeys(uuid, '1#', new AbortController().signal));
  assert.equal(ami.done, ['digit 1.7 1', 'digit 1.7 #']);
});

test('closing ends a look-up, and twice is allowed', async () => {
  const { link } = bench(`asterisk: {${ariSettings()}}`);
  ari.fault = { type: 'hang' };
  const lookUp = link.lookUp(uuid);
  await link.close();
  assert.is(await within(deadlineMs, 'it ends', lookUp), undefined);
});

test.run();
