import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { z } from 'zod';
import { parseScript } from '#talkpath/providers/cascade/llm/scripted/load.js';
import { scriptSchema } from '#talkpath/providers/cascade/llm/scripted/schema.js';
import { projectFolder } from '../../support/project.js';
import { ScriptedCall } from '../../support/scripted-call.js';

const text = readFileSync(join(projectFolder, 'docs/dialogue.md'), 'utf8');
const example = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';

/** The keys of all mappings of a schema. */
function keysOfAll(schema: z.core.$ZodType): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional' || def.type === 'default') return keysOfAll(def.innerType);
  if (def.type === 'pipe') return keysOfAll(def.out);
  if (def.type === 'record') return keysOfAll(def.valueType);
  if (def.type === 'array') return keysOfAll(def.element);
  return def.type === 'object' ? Object.entries(def.shape).flatMap(([key, value]) => [key, ...keysOfAll(value)]) : [];
}

test('the example of docs/dialogue.md is a right script and does what is said of it', async () => {
  const call = new ScriptedCall(parseScript(example, 'docs/dialogue.md'));
  assert.is((await call.greet()).text, 'Hello, this is The Corner Salon. What can I do for you?');
  assert.match((await call.say('How much do you charge for a haircut?')).text, /thirty dollars\. Anything else\?$/);
  assert.match((await call.say("Yes, I'd like to make a booking.")).text, /What is your name\?$/);
  assert.is((await call.say("It's Anna.")).text, 'When would you like to come, Anna?');
  assert.is((await call.say('Can I come on Friday at 3?')).text, 'Is it your first visit?');
  assert.is((await call.say('No.')).text, 'I have Anna, on Friday at three. Is that right?');
  const done = await call.say('Yes.');
  assert.equal(done.calls, [{ name: 'book_appointment', arguments: { name: 'Anna', time: 'on Friday at 3', first_visit: 'no' } }]);
  assert.match(done.text, /^Thank you, Anna\./);
  assert.equal((await call.say('No thanks.')).calls, [{ name: 'hang_up', arguments: {} }]);
});

test('docs/dialogue.md explains every field of a script', () => {
  const fields = [...new Set(keysOfAll(scriptSchema))];
  assert.ok(fields.length > 25);
  const missing = fields.filter((field) => !text.includes(`\`${field}\``));
  assert.equal(missing, []);
});

test.run();
