import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadScript } from '#talkpath/providers/cascade/llm/scripted/load.js';
import { processorMs } from '../../support/processor-time.js';
import { ScriptedCall } from '../../support/scripted-call.js';
import { furtherParaphrases, misrecognitions, moreOutOfScope, moreParaphrases, outOfScope, paraphrases, recognised } from './utterances.js';

const script = loadScript();

const answers = [
  'Bob',
  'My name is John Smith.',
  'S M I T H',
  '555 1234',
  'five five five',
  'one two three four',
  'oh',
  'double seven',
  '+44 20 7946 0018',
  'Yes.',
  'No.',
  'Yes, but no.',
  'The number is wrong.',
  'the name',
  'the message',
  'everything',
  'nothing',
  "It's Anna, not Hannah.",
  'Please tell him {name} to call me at 5.',
  'Okay.',
  'Uh-huh.',
  '',
  ' ',
  '...',
  '??',
  '{}',
  '{name}',
  '__proto__',
  'constructor',
  '💥',
  'ÄÖÜ ß',
  '0'.repeat(300),
  'to to to to',
  'a '.repeat(900),
  'plus plus plus',
  '\u0000',
  'My name is',
  'no no no no no',
];
const remarks = [
  ...[...paraphrases, ...moreParaphrases, ...furtherParaphrases, ...misrecognitions, ...recognised].map(([, words]) => words),
  ...outOfScope,
  ...moreOutOfScope,
  ...answers,
  ...answers,
  ...answers,
];

/** A sequence that is the same for the same seed. After: Lehmer. */
function randomOf(seed: number): (below: number) => number {
  let state = (seed * 48271) % 2147483647 || 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

test('no sequence of remarks, silences, cuts and aborts leaves a caller without an answer', async () => {
  const toolNames = new Set<string>();
  for (let seed = 1; seed <= 120; seed += 1) {
    const random = randomOf(seed);
    const call = new ScriptedCall(script, random(2) === 0 ? {} : { caller: { number: '5550100', name: 'Ann' }, variables: { company: 'A1 {x}' } });
    const log: string[] = [];
    if (random(4) > 0) await call.greet();
    for (let step = 0; step < 40; step += 1) {
      const remark = random(4) === 0 ? 'Leave a message' : (remarks[random(remarks.length)] ?? '');
      const kind = random(10);
      log.push(`${kind}: ${remark.slice(0, 60)}`);
      if (kind === 0) await call.abortAfter(remark, random(4));
      const reply = kind === 1 ? await call.silence(random(8) === 0) : await call.say(kind === 0 ? '' : remark, random(30) === 0);
      const at = `seed ${seed}: ${log.join(' | ')}`;
      assert.ok(reply.sentences.length > 0, `nothing was said, ${at}`);
      for (const sentence of reply.sentences) assert.match(sentence, /\p{L}/u, at);
      for (const { name, arguments: values } of reply.calls) {
        toolNames.add(name);
        if (name === 'take_message')
          assert.ok(
            ['name', 'number', 'message'].every((slot) => String(values[slot] ?? '') !== ''),
            at,
          );
      }
      if (kind === 2) call.cutAfter(reply.text.slice(0, random(reply.text.length + 1)));
    }
  }
  assert.equal([...toolNames].sort(), ['hang_up', 'take_message', 'transfer']);
});

test('a flood of words is answered in a moment', async () => {
  const call = new ScriptedCall(script);
  const words = Array.from({ length: 3000 }, (_, i) => `wo${(i * 7919).toString(36)}`).join(' ');
  const tookMs = await processorMs(async () => {
    for (let i = 0; i < 5; i += 1) await call.say(`${i} ${words}`);
  });
  assert.ok(tookMs < 2000, `five answers took ${tookMs} ms`);
});

test.run();
