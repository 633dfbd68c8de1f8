import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { silentLog } from '#talkpath/base/log.js';
import { parseSettings } from '#talkpath/config/load.js';
import { Toolbox } from '#talkpath/tools/toolbox.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ToolBench, useOf } from '../../support/tool-bench.js';

const test = suite<{ bench: ToolBench }>('the tools of the call itself');
test.before.each(async (context) => {
  context.bench = await ToolBench.start();
});
test.after.each(({ bench }) => bench.close());

const destinations = {
  reception: { description: 'The front desk' },
  sales: { description: 'Who sells', context: 'internal', extension: '200', priority: 2 },
};
const transferTo = { settings: { transfer: { destinations } } };

test('hanging up, a transfer and keys are carried out by the call, which answers', async ({ bench }) => {
  const toolbox = bench.toolbox();
  assert.equal(await toolbox.run('hang_up', {}, useOf()), { text: 'It is being done.', isSpokenOf: false });
  await toolbox.run('transfer', {}, useOf());
  await toolbox.run('send_digits', { digits: '12*#AD' }, useOf());
  assert.equal(bench.actions, [{ type: 'hang-up' }, { type: 'transfer', to: undefined }, { type: 'send-digits', digits: '12*#AD' }]);
});

test('a transfer goes to one of the destinations, which the model is told of', async ({ bench }) => {
  const toolbox = bench.toolbox({}, transferTo);
  const [definition] = toolbox.definitionsFor(['transfer']);
  assert.equal(definition?.parameters, {
    type: 'object',
    properties: {
      to: {
        type: 'string',
        enum: ['reception', 'sales'],
        description: 'Who to put the caller through to.\nreception: The front desk\nsales: Who sells',
      },
      reason: { type: 'string', maxLength: 500, description: 'Why, in a few words' },
    },
    required: [],
    additionalProperties: false,
  });
  await toolbox.run('transfer', { to: 'sales' }, useOf());
  assert.equal(bench.actions, [{ type: 'transfer', to: 'sales' }]);
});

test('what is no destination, and what are no keys, does not get to the call', async ({ bench }) => {
  const toolbox = bench.toolbox({}, transferTo);
  const refused: [name: string, args: unknown, sentence: string][] = [
    ['transfer', { to: 'boss' }, 'Expected one of reception, sales for to but received a value of type string.'],
    ['transfer', { reason: 5 }, 'Expected string of 0 to 500 characters for reason but received a value of type number.'],
    ['hang_up', { why: 'bye' }, 'Unknown argument why.'],
    ...['', '12a', 'E', '1 2', '1'.repeat(33)].map((digits): [string, unknown, string] => [
      'send_digits',
      { digits },
      'Expected string of 1 to 32 characters that matches ^[0-9*#A-D]+$ for digits but received a value of type string.',
    ]),
  ];
  for (const [name, args, sentence] of refused) assert.is((await toolbox.run(name, args, useOf())).text, `Nothing was done: ${sentence}`);
  assert.equal(bench.actions, []);
  assert.match((await bench.toolbox().run('transfer', { to: 'sales' }, useOf())).text, 'Unknown argument to.');
});

test('they need neither settings nor a place for a journal, and a call that fails at them is answered for', async () => {
  const errors: object[] = [];
  const log = { ...silentLog, error: (fields: object) => void errors.push(fields) };
  const carryOut = async (): Promise<never> => {
    throw new Error('the line is gone');
  };
  const toolbox = new Toolbox(parseSettings('', 'test'), { clock: new ManualClock(), log, carryOut });
  await toolbox.prepare();
  assert.equal(
    toolbox.definitionsFor(['hang_up', 'transfer', 'send_digits']).map(({ name }) => name),
    ['hang_up', 'transfer', 'send_digits'],
  );
  assert.match((await toolbox.run('hang_up', {}, useOf())).text, 'It is not known whether this was done');
  assert.equal(errors, [{ callId: 'call-1', tool: 'hang_up', error: 'the line is gone' }]);
  await toolbox.close();
});

test.run();
