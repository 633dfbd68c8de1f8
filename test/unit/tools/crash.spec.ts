import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookingBehaviour } from '#emulators/booking.js';
import { within } from '../../support/deadline.js';
import { end, own } from '../../support/owned-child.js';
import { bookSettings, ToolBench } from '../../support/tool-bench.js';
import type { CrashPoint } from '../../support/tool-caller.js';

const script = fileURLToPath(new URL('../../support/tool-caller.js', import.meta.url));
const deadlineMs = 20_000;

const test = suite<{ bench: ToolBench }>('a process that is killed while the agent books');
test.before.each(async (context) => {
  context.bench = await ToolBench.start();
});
test.after.each(({ bench }) => bench.close());

function start(bench: ToolBench, isSafe: boolean, stopAt?: CrashPoint): { child: ChildProcess; line: Promise<string> } {
  const tools = { book: bookSettings(bench.service.url, { safe_to_repeat: isSafe }) };
  const child = spawn(process.execPath, [script, bench.folder, JSON.stringify({ tools }), stopAt ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] });
  own(child, bench.folder);
  const { stdout } = child;
  assert.ok(stdout);
  const said = once(createInterface({ input: stdout }), 'line').then(([text]) => text as string);
  const ended = once(child, 'close').then(() => Promise.reject<string>(new Error('the process has ended without a word')));
  const line = within(deadlineMs, 'the process says something', Promise.race([said, ended]));
  line.catch(() => {});
  return { child, line };
}

const kill = (child: ChildProcess): Promise<void> => end(child, 'SIGKILL', deadlineMs);

/** The same call again in a new process: what the model is told. */
async function again(bench: ToolBench, isSafe: boolean): Promise<string> {
  const { child, line } = start(bench, isSafe);
  try {
    return JSON.parse(await line) as string;
  } finally {
    await end(child, 'SIGTERM', deadlineMs);
  }
}

const [booked, unknown, already] = ['{"booked":1}', 'It is not known whether this was done', 'This was already done'];

interface Outcome {
  /** How often it is booked in the end, and what the next process tells the model. */
  readonly once: readonly [bookings: number, told: string];
  /** The same where the service knows its keys. */
  readonly safe: readonly [bookings: number, told: string];
}

async function proves(bench: ToolBench, isSafe: boolean, [bookings, told]: Outcome['once']): Promise<void> {
  const { service } = bench;
  const first = await again(bench, isSafe);
  assert.is(first.slice(0, told.length), told);
  assert.is(service.booked.length, bookings);
  await again(bench, isSafe);
  assert.is(service.booked.length, bookings);
  assert.ok(new Set(service.received.map(({ key }) => key)).size <= 1);
  assert.equal(service.violations, []);
}

const points: Record<CrashPoint, Outcome> = {
  'before-journal': { once: [1, booked], safe: [1, booked] },
  'after-begun': { once: [0, unknown], safe: [1, booked] },
  'after-answer': { once: [1, unknown], safe: [1, booked] },
  'before-end': { once: [1, unknown], safe: [1, booked] },
  'after-end': { once: [1, already], safe: [1, already] },
};

const requests: Record<string, Outcome & { readonly behaviour: BookingBehaviour }> = {
  'the service has the request and has not booked': {
    behaviour: { type: 'hang', isBooked: false },
    once: [0, unknown],
    safe: [1, booked],
  },
  'the service has booked and has not answered': { behaviour: { type: 'hang', isBooked: true }, once: [1, unknown], safe: [1, booked] },
};

for (const isSafe of [false, true]) {
  const kind = isSafe ? 'that may be repeated' : 'that may not be repeated';
  for (const [point, outcome] of Object.entries(points)) {
    const [bookings] = isSafe ? outcome.safe : outcome.once;
    test(`killed ${point}, a tool ${kind} has booked ${bookings === 0 ? 'nothing' : 'once'}, and the next process knows`, async ({ bench }) => {
      bench.service.honoursKeys = isSafe;
      const { child, line } = start(bench, isSafe, point as CrashPoint);
      assert.is(await line, 'here');
      await kill(child);
      await proves(bench, isSafe, isSafe ? outcome.safe : outcome.once);
    });
  }
  for (const [what, outcome] of Object.entries(requests)) {
    const [bookings] = isSafe ? outcome.safe : outcome.once;
    test(`killed when ${what}, a tool ${kind} has booked ${bookings === 0 ? 'nothing' : 'once'}, and the next process knows`, async ({ bench }) => {
      bench.service.honoursKeys = isSafe;
      bench.service.next.push(outcome.behaviour);
      const received = new Promise<void>((resolve) => {
        bench.service.onReceived = () => resolve();
      });
      const { child } = start(bench, isSafe);
      await within(deadlineMs, 'the request arrives', received);
      await kill(child);
      await proves(bench, isSafe, isSafe ? outcome.safe : outcome.once);
    });
  }
}

test.run();
