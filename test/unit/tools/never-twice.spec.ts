import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { holdsInTime } from '../../support/property.js';
import { fates, type Rules, ToolWorld } from '../../support/tool-world.js';

/** Tables that the agent may want: for two, or for four. */
const sizes = [2, 4] as const;

const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('want' as const), size: fc.constantFrom(...sizes) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('go-on' as const), choices: fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }) }) },
);

const rules: fc.Arbitrary<Rules> = fc.record({
  oncePer: fc.constantFrom('call' as const, 'arguments' as const),
  isSafe: fc.boolean(),
  fates: fc.array(fc.constantFrom(...fates), { maxLength: 8 }),
});

async function inWorld(these: Rules, doing: (world: ToolWorld) => Promise<void>): Promise<void> {
  const world = new ToolWorld(these);
  try {
    await world.restart();
    await doing(world);
  } finally {
    await world.close();
  }
}

test('in no order of repeats, failures, departures and crashes is anything booked twice, or an answer untrue', async () => {
  const seen = { crashes: 0, booked: 0, none: 0 };
  await holdsInTime(
    fc.asyncProperty(rules, fc.array(action, { maxLength: 25 }), (these, actions) =>
      inWorld(these, async (world) => {
        for (const one of actions) {
          if (one.type === 'want') await world.want(one.size);
          if (one.type === 'leave') await world.leave();
          if (one.type === 'crash') await world.restart();
          if (one.type === 'go-on') for (const choice of one.choices) await world.step(choice);
          if (one.type === 'crash') seen.crashes += 1;
        }
        await world.runOut();
        // Whatever is still asked for afterwards, with all going well, changes nothing of that.
        for (const size of sizes) await world.want(size);
        await world.runOut();
        for (const size of sizes) assert.ok(world.bookingsOf(size) <= 1, `${world.bookingsOf(size)} bookings for ${size}`);
        if (these.oncePer === 'call') assert.ok(world.booked.length <= 1, `${world.booked.length} bookings in a call`);
        assert.equal(world.lies, []);
        seen[world.booked.length > 0 ? 'booked' : 'none'] += 1;
      }),
    ),
  );
  assert.ok(seen.crashes > 20 && seen.booked > 20 && seen.none > 0, JSON.stringify(seen));
});

test('where repeating is safe and nothing is refused, it is booked once in the end, whatever failed before', async () => {
  const failing = fates.filter((fate) => fate !== 'refused');
  const these = fc.record({
    oncePer: fc.constant('arguments' as const),
    isSafe: fc.constant(true),
    fates: fc.array(fc.constantFrom(...failing), { maxLength: 8 }),
  });
  await holdsInTime(
    fc.asyncProperty(these, fc.array(action, { maxLength: 15 }), (rules, actions) =>
      inWorld(rules, async (world) => {
        for (const one of actions) {
          if (one.type === 'want') await world.want(one.size);
          if (one.type === 'crash') await world.restart();
          if (one.type === 'go-on') for (const choice of one.choices) await world.step(choice);
        }
        // As often as there may be fates left, each of which ends three attempts at most.
        for (let i = 0; i < 8; i += 1) {
          for (const size of sizes) await world.want(size);
          await world.runOut();
        }
        for (const size of sizes) assert.is(world.bookingsOf(size), 1);
        assert.equal(world.lies, []);
      }),
    ),
  );
});

test('without a journal the same course books twice: the property can fail', async () => {
  let twice = 0;
  await inWorld({ oncePer: 'arguments', isSafe: false, fates: ['lost-after'] }, async (world) => {
    await world.want(2);
    await world.runOut();
    assert.is(world.bookingsOf(2), 1);
    await world.want(2);
    await world.runOut();
    assert.is(world.bookingsOf(2), 1);
    world.forget();
    await world.restart();
    await world.want(2);
    await world.runOut();
    twice = world.bookingsOf(2);
  });
  assert.is(twice, 2);
});

test.run();
