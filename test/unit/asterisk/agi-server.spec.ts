import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AgiClient, type AgiClientFault, type DialplanCall } from '#emulators/agi-client.js';
import { answerDialplan } from '#talkpath/asterisk/agi/dialplan-answer.js';
import { AgiServer, type AgiServerOptions } from '#talkpath/asterisk/agi/server.js';
import { AllowList } from '#talkpath/base/allow-list.js';
import type { Announced, Registration } from '#talkpath/call/announcements.js';
import { parseSettings } from '#talkpath/config/load.js';
import { eventually, within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

const test = suite('dialplans that ask by AGI');
const deadlineMs = 3000;
const uuid = '40325ec2-5efd-4bd3-805f-53576e581d13';
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const settings = parseSettings(
  `
contexts: {sales: {greeting: Hello}}
asterisk: {variables: [ORDER, NOTE, EMPTY]}
`,
  'test',
);

/** A server that announces what it is asked to, and remembers. */
class Bench {
  readonly clock = new ManualClock();
  readonly announced: [callId: string, registration: Registration][] = [];
  readonly refused: string[] = [];
  readonly statuses: string[] = [];
  readonly faults: unknown[] = [];
  readonly channels = new Map<string, string>();
  answer: () => Promise<Announced> = () => Promise.resolve('announced');
  port = 0;
  readonly server: AgiServer;

  constructor(options: Partial<AgiServerOptions> = {}) {
    this.server = new AgiServer({
      host: '127.0.0.1',
      port: 0,
      maxConnections: 10,
      allowed: new AllowList([]),
      clock: this.clock,
      serve: async (session) => {
        const status = await answerDialplan(session, {
          settings,
          announce: (callId, registration) => {
            this.announced.push([callId, registration]);
            return this.answer();
          },
          onChannel: (callId, channelId) => void this.channels.set(callId, channelId),
        });
        this.statuses.push(status);
      },
      onRefused: (reason) => void this.refused.push(reason),
      onFault: (error) => void this.faults.push(error),
      ...options,
    });
  }

  async run(call: Omit<DialplanCall, 'port'> = {}): Promise<AgiClient> {
    const client = await within(deadlineMs, 'the dialplan goes on', AgiClient.run({ port: this.port, ...call }));
    assert.equal(client.violations, []);
    return client;
  }

  /** One that is not answered at once. */
  begin(call: Omit<DialplanCall, 'port'>): AgiClient {
    return new AgiClient({ port: this.port, ...call });
  }
}

const benches: Bench[] = [];
async function bench(options: Partial<AgiServerOptions> = {}): Promise<Bench> {
  const started = new Bench(options);
  benches.push(started);
  ({ port: started.port } = await started.server.listen());
  return started;
}
test.after.each(async () => {
  for (const { server, clock } of benches.splice(0)) {
    await within(deadlineMs, 'the server closes', server.close());
    assert.is(clock.pending, 0, 'no timer is left');
  }
});

test('a call is announced with what its channel says, and the dialplan is told its UUID', async () => {
  const { run, announced, channels } = await boundBench();
  const client = await run({
    caller: { number: '+41791234567', name: 'An "Na"' },
    variables: {
      AI_PROVIDER: 'echo',
      AI_AUDIO_PROFILE: 'wideband',
      AI_CONTEXT: 'sales',
      ORDER: 'A (42)',
      NOTE: 'two words',
      OTHER: 'not asked for',
      EMPTY: ' ',
    },
  });
  const callId = client.variables.get('TALKPATH_UUID') ?? '';
  assert.match(callId, uuidPattern);
  assert.is(client.variables.get('TALKPATH_STATUS'), 'announced');
  assert.equal(announced, [
    [
      callId,
      {
        provider: 'echo',
        profile: 'wideband',
        context: 'sales',
        caller: { number: '+41791234567', name: 'An "Na"' },
        variables: { ORDER: 'A (42)', NOTE: 'two words' },
      },
    ],
  ]);
  assert.equal([...channels], [[callId, client.channelId]]);
});

test('a channel that says nothing is announced with the defaults', async () => {
  const { run, announced } = await boundBench();
  await run();
  assert.equal(announced[0]?.[1], {
    provider: undefined,
    profile: undefined,
    context: undefined,
    caller: { number: undefined, name: undefined },
    variables: {},
  });
});

test('the UUID of the first argument is used, in lower case', async () => {
  const { run, announced } = await boundBench();
  const client = await run({ arguments: [uuid.toUpperCase(), 'another argument'] });
  assert.is(client.variables.get('TALKPATH_UUID'), uuid);
  assert.is(announced[0]?.[0], uuid);
});

test('two calls get two UUIDs', async () => {
  const { run } = await boundBench();
  const [one, two] = [await run(), await run()];
  assert.is.not(one.variables.get('TALKPATH_UUID'), two.variables.get('TALKPATH_UUID'));
});

test('a caller who withholds the number is not made known to the agent', async () => {
  const { run, announced } = await boundBench();
  for (const presentation of [32, 35]) await run({ caller: { number: '+41791234567', name: 'An Na', presentation } });
  for (const [, { caller }] of announced) assert.equal(caller, {});
  await run({ caller: { number: '+41791234567', presentation: 3 } });
  assert.is(announced[2]?.[1].caller.number, '+41791234567');
});

for (const [mistake, call, status] of [
  ['an unknown provider', { variables: { AI_PROVIDER: 'nobody' } }, 'refused:unknown-provider'],
  ['an unknown profile', { variables: { AI_AUDIO_PROFILE: 'nothing' } }, 'refused:unknown-profile'],
  ['an unknown context', { variables: { AI_CONTEXT: 'salse' } }, 'refused:unknown-context'],
  ['a name that every object has', { variables: { AI_CONTEXT: 'constructor' } }, 'refused:unknown-context'],
  ['an unknown script', { script: 'cal' }, 'refused:unknown-script'],
  ['an argument that is no UUID', { arguments: ['${UUID()}'] }, 'refused:bad-uuid'],
  ['a UUID with something behind it', { arguments: [`${uuid}x`] }, 'refused:bad-uuid'],
  ['a name of the caller without end', { caller: { name: 'x'.repeat(257) } }, 'refused:too-long'],
  ['a variable without end', { variables: { NOTE: 'x'.repeat(4097) } }, 'refused:too-long'],
] as const) {
  test(`${mistake} is told to the dialplan, which goes on with a UUID that it can use`, async () => {
    const { run, announced, statuses } = await boundBench();
    const client = await run(call);
    assert.is(client.variables.get('TALKPATH_STATUS'), status);
    assert.match(client.variables.get('TALKPATH_UUID') ?? '', uuidPattern);
    assert.equal(announced, []);
    assert.equal(statuses, [status]);
  });
}

for (const answer of ['call-exists', 'too-many', 'shutting-down'] as const) {
  test(`the dialplan is told that a call was not announced: ${answer}`, async () => {
    const started = await bench();
    started.answer = () => Promise.resolve(answer);
    const client = await started.run();
    assert.is(client.variables.get('TALKPATH_STATUS'), `refused:${answer}`);
  });
}

test('a dialplan that speaks a byte at a time is understood', async () => {
  const { run, announced } = await boundBench();
  const client = await run({ pieceBytes: 1, variables: { AI_CONTEXT: 'sales' } });
  assert.is(client.variables.get('TALKPATH_STATUS'), 'announced');
  assert.is(announced[0]?.[1].context, 'sales');
});

test('a value with line ends is taken whole, and what is asked next is not mistaken for it', async () => {
  const { run, announced } = await boundBench();
  await run({ fault: 'long-values', variables: { ORDER: 'first', NOTE: 'note' } });
  assert.equal(announced[0]?.[1].variables, { ORDER: 'first\nsecond (line)\nthird', NOTE: 'note\nsecond (line)\nthird' });
});

test('the longest value that there may be is taken', async () => {
  const { run, announced } = await boundBench();
  await run({ variables: { NOTE: 'x'.repeat(4096) } });
  assert.is(announced[0]?.[1].variables.NOTE?.length, 4096);
});

const atOnce: [AgiClientFault, string][] = [
  ['garbage', 'garbage'],
  ['garbage-answer', 'garbage'],
  ['long-line', 'too-long'],
  ['flood', 'too-long'],
  ['endless-value', 'too-long'],
  ['hang-up', 'hung-up'],
  ['old', 'refused'],
  ['reset', 'gone'],
];
for (const [fault, reason] of atOnce) {
  test(`a dialplan that goes wrong (${fault}) is let go at once, nothing announced, and the next is answered`, async () => {
    const { run, announced, refused, faults } = await boundBench();
    await run({ fault });
    assert.equal([announced, faults], [[], []]);
    await eventually(deadlineMs, 'the reason is told', () => refused.length > 0);
    assert.equal(refused, [reason]);
    assert.is((await run()).variables.get('TALKPATH_STATUS'), 'announced');
  });
}

for (const fault of ['silent', 'half-environment', 'mute'] as const) {
  test(`a dialplan that keeps us waiting (${fault}) is let go after two seconds`, async () => {
    const started = await bench();
    const client = started.begin({ fault, pieceBytes: 100 });
    await eventually(deadlineMs, 'the server has taken it', () => started.clock.pending === 1);
    if (fault === 'mute') await eventually(deadlineMs, 'the first question', () => client.commands.length === 1);
    started.clock.advance(1999);
    assert.ok(client.isOpen);
    started.clock.advance(1);
    await within(deadlineMs, 'it is let go', client.ended);
    await eventually(deadlineMs, 'the reason is told', () => started.refused.length > 0);
    assert.equal(started.refused, ['too-slow']);
    assert.equal(started.announced, []);
  });
}

test('a caller who hangs up while the call is announced leaves nothing behind', async () => {
  const started = await bench();
  let announced: (outcome: Announced) => void = () => {};
  started.answer = () => new Promise((resolve) => (announced = resolve));
  const client = started.begin({});
  await eventually(deadlineMs, 'it is announced', () => started.announced.length === 1);
  client.drop();
  await within(deadlineMs, 'it is gone', client.ended);
  announced('announced');
  await eventually(deadlineMs, 'the reason is told', () => started.refused.length > 0);
  assert.equal([started.refused, started.faults], [['gone'], []]);
});

test('an announcement that fails is our fault, and ends that dialplan alone', async () => {
  const started = await bench();
  const failure = new Error('no announcement today');
  started.answer = () => Promise.reject(failure);
  await started.run();
  assert.equal(started.faults, [failure]);
  started.answer = () => Promise.resolve('announced');
  assert.is((await started.run()).variables.get('TALKPATH_STATUS'), 'announced');
});

test('as many dialplans are taken as may be, and the next as soon as one has gone', async () => {
  const started = await bench({ maxConnections: 2 });
  const waiting = [started.begin({ fault: 'mute' }), started.begin({ fault: 'mute' })];
  await eventually(deadlineMs, 'both are asked', () => waiting.every(({ commands }) => commands.length === 1));
  await started.run();
  assert.equal(started.refused, ['too-many-connections']);
  waiting[0]?.drop();
  await eventually(deadlineMs, 'there is room again', async () => (await started.run()).variables.get('TALKPATH_STATUS') === 'announced');
});

test('who is not on the list is not let in', async () => {
  const started = await bench({ allowed: new AllowList(['127.0.0.2']) });
  const stranger = await started.run();
  assert.equal([stranger.commands, started.refused], [[], ['not-allowed']]);
  const friend = await started.run({ localAddress: '127.0.0.2' });
  assert.is(friend.variables.get('TALKPATH_STATUS'), 'announced');
});

test('closing cuts off who is in the middle of it, twice too, and before anything began', async () => {
  const started = await bench();
  const client = started.begin({ fault: 'mute' });
  await eventually(deadlineMs, 'it is asked', () => client.commands.length === 1);
  await within(deadlineMs, 'the server closes', started.server.close());
  await within(deadlineMs, 'it is cut off', client.ended);
  await started.server.close();
  await new Bench().server.close();
});

test('a port in use is named', async () => {
  const started = await bench();
  const second = new Bench({ port: started.port });
  await second.server.listen().then(
    () => assert.unreachable(),
    (error) => assert.match(`${error.code}: ${error.message}`, /^TP_ERR_LISTEN: asterisk\.agi cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/),
  );
});

/** A bench whose methods can be taken apart. */
async function boundBench(): Promise<Pick<Bench, 'run' | 'announced' | 'refused' | 'faults' | 'statuses' | 'channels'>> {
  const started = await bench();
  const { announced, refused, faults, statuses, channels } = started;
  return { run: (call) => started.run(call), announced, refused, faults, statuses, channels };
}

test.run();
