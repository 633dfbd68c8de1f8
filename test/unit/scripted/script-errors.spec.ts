import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { loadScript, parseScript } from '#talkpath/providers/cascade/llm/scripted/load.js';

const good = `version: 1
variables:
  company: Acme
greeting: Hello, this is {company}.
intents:
  hours:
    phrases:
      - when are you open
    say: From nine to five.
  message:
    phrases: [leave a message]
    start: note
  bye:
    phrases: [bye]
    say: Goodbye.
    action: hang-up
tasks:
  note:
    slots:
      name:
        type: name
        ask: Your name?
        again: Again, your name?
      number:
        type: phone
        ask: Your number, {name}?
        again: Your number?
        digits: { min: 6, max: 12 }
    confirm:
      say: Are you {name}, {number}?
      again: Yes or no?
      change: What is wrong?
    done: Thank you.
not_understood:
  - What?
no_input:
  prompts:
    - Hello?
  last: Goodbye.
goodbye: Goodbye.
`;

function messageFor(text: string): string {
  try {
    parseScript(text, 'test.yaml');
  } catch (error) {
    assert.instance(error, TalkpathError);
    assert.is((error as TalkpathError).code, 'TP_ERR_SCRIPT_INVALID');
    return (error as Error).message;
  }
  throw new Error('the script was accepted');
}

/** [what is wrong, the line as it should be, as it is, the message] */
const faults: readonly (readonly [string, string, string, string])[] = [
  ['an unknown key of an intent', '    say: From nine', '    sya: From nine', 'test.yaml:9: Unknown key "sya" in intents.hours: did you mean "say"?'],
  [
    'an unknown key at the top',
    'goodbye: Goodbye.',
    'goodbye: Goodbye.\nfollowup: What else?',
    'test.yaml:41: Unknown key "followup" in the top level: did you mean "follow_up"?',
  ],
  [
    'an unknown key of a slot',
    '        type: phone',
    '        kind: phone\n        type: phone',
    'test.yaml:25: Unknown key "kind" in tasks.note.slots.number: known are type, ask, again, called, more, digits',
  ],
  ['a wrong version', 'version: 1', 'version: 2', 'test.yaml:1: Expected 1 for version but received 2 of type number'],
  [
    'an unknown type of slot',
    'type: phone',
    'type: fone',
    'test.yaml:25: Expected one of "name", "phone", "text", "yes-no", "time" for tasks.note.slots.number.type but received "fone" of type string',
  ],
  [
    'a number out of range',
    'min: 6',
    'min: 60',
    'test.yaml:28: Expected integer between 2 and 20 for tasks.note.slots.number.digits.min but received 60 of type number',
  ],
  [
    'a text for a number',
    'min: 6',
    'min: six',
    'test.yaml:28: Expected integer between 2 and 20 for tasks.note.slots.number.digits.min but received "six" of type string',
  ],
  [
    'a missing field',
    '        again: Again, your name?\n',
    '',
    'test.yaml:20: Expected text or a list of texts for tasks.note.slots.name.again but it is missing',
  ],
  ['an empty list', '  - What?', '  []', 'test.yaml:34: Expected a list of at least 1 entries for not_understood but received a list of 0'],
  [
    'a text without a word',
    'done: Thank you.',
    'done: "..."',
    'test.yaml:33: Expected a text with a word in it for tasks.note.done but received "..." of type string',
  ],
  ['a list for a mapping', 'intents:\n', 'intents: []\nintent:\n', 'test.yaml:5: Expected a mapping for intents but received a list of 0'],
  [
    'a name with a capital',
    '  hours:',
    '  Hours:',
    'test.yaml:6: Expected a name of small letters, digits and _ that starts with a letter for the name of intents.Hours',
  ],
  [
    'a task that is not there',
    'start: note',
    'start: notes',
    'test.yaml:12: Expected the name of a task for intents.message.start but received "notes"; did you mean "note"?',
  ],
  [
    'an intent that is not there',
    '  - What?',
    '  - say: A person?\n    yes: human',
    'test.yaml:36: Expected the name of an intent for not_understood.0.yes but received "human"; known are hours, message, bye',
  ],
  [
    'a slot that is not there',
    'Are you {name}',
    'Are you {nmae}',
    'test.yaml:30: Expected a variable or slot in tasks.note.confirm.say but received "{nmae}"; did you mean "name"?',
  ],
  [
    'a slot before it is asked',
    'ask: Your name?',
    'ask: Your name, {number}?',
    'test.yaml:22: Expected a variable or slot in tasks.note.slots.name.ask but received "{number}"',
  ],
  [
    'a slot outside of its task',
    'say: From nine',
    'say: From {name} nine',
    'test.yaml:9: Expected a variable or slot in intents.hours.say but received "{name}"',
  ],
  [
    'a slot with a name of a variable',
    '      name:\n',
    '      company:\n',
    "test.yaml:20: Expected a name for tasks.note.slots.company that is no variable's",
  ],
  ['half a brace', 'Your number?', 'Your number}?', 'test.yaml:27: Expected braces in pairs in tasks.note.slots.number.again'],
  [
    'a greeting that needs to know the caller',
    'Hello, this is {company}.',
    'Hello {caller_name}.',
    'test.yaml:4: Expected a variant without {caller_name} and {caller_number} for greeting, since a call may lack them',
  ],
  [
    'an intent that does nothing',
    '    start: note\n',
    '',
    'test.yaml:10: Expected say, start or action for intents.message but none of them is there',
  ],
  ['an end without a word', '    say: Goodbye.\n', '', 'test.yaml:13: Expected say for intents.bye, which ends the call, but it is missing'],
  [
    'two things at once',
    'start: note',
    'start: note\n    action: repeat',
    'test.yaml:13: Expected either start or action for intents.message but received both',
  ],
  [
    'a cancel without a word',
    'start: note',
    'action: cancel',
    'test.yaml:10: Expected say for intents.message, since there is no follow_up, but it is missing',
  ],
  [
    'a reason without a transfer',
    '    action: hang-up',
    '    action: hang-up\n    reason: Done.',
    'test.yaml:17: Expected intents.bye.reason only with action: transfer',
  ],
  ['digits of a name', 'type: phone', 'type: name', 'test.yaml:28: Expected tasks.note.slots.number.digits only with type: phone'],
  [
    'limits the wrong way round',
    '{ min: 6, max: 12 }',
    '{ min: 12, max: 6 }',
    'test.yaml:28: Expected tasks.note.slots.number.digits with min up to max but received 12 and 6',
  ],
  ['broken YAML', 'greeting: Hello', 'greeting: "Hello', 'test.yaml:'],
  [
    'the same key twice',
    'goodbye: Goodbye.',
    'goodbye: Goodbye.\ngoodbye: Bye.',
    'test.yaml:41: Expected YAML but received: Map keys must be unique',
  ],
];

test('the script that the faults are put into is right', () => {
  const script = parseScript(good, 'test.yaml');
  assert.equal(script.greeting, ['Hello, this is {company}.']);
  assert.is(script.intents.hours?.follow_up, true);
});

for (const [fault, right, wrong, message] of faults) {
  test(`${fault} is refused with its line`, () => {
    assert.ok(good.includes(right), 'the fault is put into the script');
    const received = messageFor(good.replace(right, wrong));
    assert.ok(
      received.split('\n').some((line) => line.startsWith(message)),
      received,
    );
  });
}

test('every fault is told at once, but no more than twenty', () => {
  const two = messageFor(good.replace('version: 1', 'version: 3').replace('type: phone', 'type: fone'));
  assert.is(two.split('\n').length, 2);
  const intents = Array.from({ length: 40 }, (_, i) => `  i${i}:\n    sya: x\n`).join('');
  const many = messageFor(good.replace('intents:\n', `intents:\n${intents}`)).split('\n');
  assert.is(many.length, 21);
  assert.is(many.at(-1), 'and 20 more');
});

test('what is no script at all is refused', () => {
  for (const text of ['', '- a\n- b', 'just text', 'version: 1']) assert.match(messageFor(text), /^test\.yaml:1: Expected/);
});

test('aliases that multiply without end are refused', () => {
  const layers = Array.from(
    { length: 12 },
    (_, i) =>
      `  v${i}: &v${i} [${Array(10)
        .fill(i === 0 ? 'x' : `*v${i - 1}`)
        .join(', ')}]`,
  );
  assert.match(messageFor(`variables:\n${layers.join('\n')}\n`), /Expected YAML but received: /);
});

test('a file is read by its path, and one that is not there is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-script-'));
  try {
    const path = join(folder, 'mine.yaml');
    writeFileSync(path, good);
    assert.equal(loadScript(path), parseScript(good, 'mine.yaml'));
    assert.throws(() => loadScript(join(folder, 'none.yaml')), /Expected a dialogue script that can be read at .*none\.yaml but received: ENOENT/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
