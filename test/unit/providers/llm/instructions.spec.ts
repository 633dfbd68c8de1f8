import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { instructionsOf } from '#talkpath/providers/cascade/llm/openai/instructions.js';
import { callContext, toolNamed } from '../../../support/call-context.js';
import { closeBenches, ModelBench, modelApis } from '../../../support/model-bench.js';

test.after.each(closeBenches);

const of = (known: Parameters<typeof callContext>[0] = {}): string => instructionsOf(callContext(known));

test('the prompt comes first, and there is one for who gives none', () => {
  assert.match(of({ prompt: ' You are Robin. ' }), /^You are Robin\.\n\n/);
  for (const prompt of [undefined, '', '  ']) assert.match(of({ prompt }), /^You are .* telephone/);
});

test('the model is told what a voice needs, whatever the prompt', () => {
  for (const known of [{}, { prompt: 'Be a poet who loves lists.' }]) {
    for (const what of ['short sentences', 'no markdown', 'the way they are said', 'square brackets']) assert.match(of(known), what);
  }
});

test('the language is named in words, if it has any', () => {
  assert.match(of({ language: 'de' }), 'Speak German (de).');
  assert.match(of({ language: 'pt-BR' }), 'Speak Brazilian Portuguese (pt-BR).');
  assert.match(of({ language: 'no such tag!' }), 'Speak no such tag!.');
  assert.match(of(), 'Speak English (en).');
});

test('what is known of the caller is told by name; the number is not', () => {
  const told = of({ caller: { name: 'Anna "A" Lee', number: '+15550199' }, variables: { order: '42', note: 'two\nlines' } });
  assert.match(told, `The caller's name is "Anna \\"A\\" Lee".`);
  assert.match(told, '- "order": "42"\n- "note": "two\\nlines"');
  assert.not.match(told, '5550199');
  assert.not.match(of(), 'Known of this call');
  assert.not.match(of(), 'name is');
});

test('tools are spoken of when there are some', () => {
  assert.match(of({ tools: [toolNamed('hang_up')] }), 'You have tools');
  assert.not.match(of(), 'You have tools');
});

test('all of it is short', () => {
  assert.ok(of({ tools: [toolNamed('hang_up')] }).length < 1600, String(of({ tools: [toolNamed('hang_up')] }).length));
});

for (const api of modelApis) {
  test(`${api}: every request begins with the same instructions`, async () => {
    const call = { prompt: 'Be Robin.', language: 'en' };
    const bench = await ModelBench.open({ api, call });
    for (const text of ['One', 'Two']) {
      await bench.reply({ text });
      assert.is(bench.instructions, of(call));
    }
  });
}

test.run();
