import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AgiClient } from '#emulators/agi-client.js';
import { AmiServer } from '#emulators/ami-server.js';
import { AriServer } from '#emulators/ari-server.js';
import { audioSocketChannel } from '#emulators/asterisk-channel.js';
import { eventually, within } from '../../support/deadline.js';

const test = suite('the emulated Asterisk refuses what the real one would');
const deadlineMs = 3000;

/** What a dialplan finds wrong with a server that says this. */
async function violationsOf(...commands: readonly string[]): Promise<string[]> {
  const server = createServer((socket) => {
    let next = 0;
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => {
      if (!text.endsWith('\n')) return;
      const command = commands[next];
      next += 1;
      if (command === undefined) socket.end();
      else socket.write(command);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const client = await within(deadlineMs, 'the dialplan goes on', AgiClient.run({ port: (server.address() as AddressInfo).port }));
    return client.violations;
  } finally {
    server.close();
  }
}

test('a dialplan that is asked rightly finds nothing', async () => {
  assert.equal(await violationsOf('GET VARIABLE A\n', 'SET VARIABLE A "b \\"c\\""\n'), []);
});

for (const command of [
  'GET VARIABLE\n',
  'GET VARIABLE A B\n',
  'SET VARIABLE A b c\n',
  'SET VARIABLE A "b\n',
  'get variable A\n',
  'STREAM\n',
  'GET VARIABLE A-B\n',
])
  test(`a dialplan does not understand ${JSON.stringify(command)}`, async () => {
    assert.is((await violationsOf(command)).length, 1);
  });

/** A connection to a manager, and what that has said. */
async function dial(server: AmiServer): Promise<{ socket: Socket; said: () => string }> {
  const socket = connect(server.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await eventually(deadlineMs, 'the banner', () => text.includes('Asterisk Call Manager'), 5);
  return { socket, said: () => text };
}

const wrongActions: [what: string, action: string, said: RegExp][] = [
  ['an action before the log-in', 'Action: Status', /Permission denied/],
  ['a log-in with the wrong key', 'Action: Login\r\nUsername: talkpath\r\nAuthType: MD5\r\nKey: 00', /Authentication failed/],
  ['a log-in without a user', 'Action: Login', /username not specified/],
  ['a challenge of another kind', 'Action: Challenge\r\nAuthType: SHA1', /Must specify AuthType/],
];
for (const [what, action, expected] of wrongActions) {
  test(`a manager refuses ${what}`, async () => {
    const server = new AmiServer();
    await server.listen();
    const { socket, said } = await dial(server);
    socket.write(`${action}\r\n\r\n`);
    await eventually(deadlineMs, 'it is refused', () => expected.test(said()), 5);
    assert.is(server.logIns, 0);
    socket.destroy();
    await server.close();
  });
}

const wrongOnceIn: [what: string, action: string][] = [
  ['an action that it does not know', 'Action: Originat'],
  ['a line that is too long', `Action: Setvar\r\nChannel: 1\r\nVariable: A\r\nValue: ${'x'.repeat(1020)}`],
  ['a redirect without a priority', 'Action: Redirect\r\nChannel: 1\r\nContext: a\r\nExten: b'],
  ['a variable for everybody', 'Action: Setvar\r\nVariable: A\r\nValue: b'],
  ['a field that is there twice', 'Action: Ping\r\nActionID: 1\r\nActionID: 2'],
  ['a line that is no field', 'Action: Ping\r\nnothing'],
  ['a field that the action does not have', 'Action: Ping\r\nChannel: 1'],
  ['a digit that is none', 'Action: PlayDTMF\r\nChannel: 1795951044.7\r\nDigit: x'],
];
for (const [what, action] of wrongOnceIn) {
  test(`a manager finds fault with ${what}`, async () => {
    const server = new AmiServer();
    await server.listen();
    server.channels.push(audioSocketChannel('40325ec2-5efd-4bd3-805f-53576e581d13'));
    const { socket, said } = await dial(server);
    socket.write(`Action: Login\r\nUsername: ${server.user}\r\nSecret: ${server.secret}\r\n\r\n`);
    await eventually(deadlineMs, 'it is let in', () => said().includes('accepted'), 5);
    assert.equal(server.violations, []);
    socket.write(`${action}\r\n\r\n`);
    await eventually(deadlineMs, 'it finds fault', () => server.violations.length > 0, 5);
    socket.destroy();
    await server.close();
  });
}

test('ARI refuses wrong credentials, paths, methods and queries', async () => {
  const server = new AriServer();
  await server.listen();
  server.channels.push(audioSocketChannel('40325ec2-5efd-4bd3-805f-53576e581d13', { id: '1.7', inStasis: true }));
  const right = `Basic ${Buffer.from(`${server.user}:${server.password}`).toString('base64')}`;
  const ask = async (method: string, path: string, authorization = right): Promise<number> => {
    const response = await fetch(`${server.url}${path}`, { method, headers: { authorization, connection: 'close' } });
    await response.text();
    return response.status;
  };
  assert.is(await ask('GET', '/ari/channels'), 200);
  assert.equal(server.violations, []);
  const wrong: [Promise<number>, number][] = [
    [ask('GET', '/ari/channels', 'Basic bm9ib2R5OmF0IGFsbA=='), 401],
    [ask('GET', '/channels'), 404],
    [ask('GET', '/ari/channel'), 404],
    [ask('DELETE', '/ari/channels'), 405],
    [ask('POST', '/ari/channels/1.7/dtmf'), 400],
    [ask('POST', '/ari/channels/1.7/dtmf?dtmf=x'), 204],
    [ask('POST', '/ari/channels/1.7/continue?exten=100'), 204],
    [ask('GET', '/ari/channels/1.7/nothing'), 404],
  ];
  for (const [status, expected] of wrong) assert.is(await status, expected);
  assert.is(server.violations.length, wrong.length);
  await server.close();
});

test.run();
