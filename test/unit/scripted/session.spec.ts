import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadScript } from '#talkpath/providers/cascade/llm/scripted/load.js';
import { createScriptedModel } from '#talkpath/providers/cascade/llm/scripted/model.js';
import { callContext } from '../../support/call-context.js';
import { withoutTools } from '../../support/reply-means.js';
import { ScriptedCall } from '../../support/scripted-call.js';

/** What becomes of replies that the caller heard in part, or not at all. */
const script = loadScript();

test('the words of a reply that was given up are joined to the next', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  await call.abortAfter('I would like to', 1);
  assert.match((await call.say('leave a message.')).text, /May I have your name\?$/);
});

test('a reply that was given up has not moved the dialogue', async () => {
  const call = new ScriptedCall(script);
  await call.say('Leave a message');
  await call.abortAfter('Anna', 1);
  await call.say('Lee');
  const { text } = await call.sayAll('555 1234', 'Call me.');
  assert.match(text, /The name is Anna Lee\./);
});

test('a request that was given up before a part was taken counts as given up', async () => {
  const call = new ScriptedCall(script);
  await call.say('Leave a message');
  await call.abortAfter('five five', 0);
  assert.is((await call.say('My name is Bob.')).text, 'What is your phone number?');
});

test('several replies given up in a row join all their words', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob');
  for (const digits of ['five five', 'five one', 'two three']) await call.abortAfter(digits, 1);
  await call.say('four');
  assert.match((await call.say('Call me.')).text, /five five five, one two three four\./);
});

test('words that are said again after a reply was given up count once', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob');
  await call.abortAfter('555 1234', 1);
  await call.say('Five five five, one two three four.');
  assert.is((await call.sayAll('Call me.', 'Yes')).calls[0]?.arguments.number, '5551234');
});

test('a question whose answer was given up is answered when the caller says nothing more', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  await call.abortAfter('What are your hours?', 1);
  assert.match((await call.silence()).text, /Monday to Friday/);
});

test('a variant that was not heard is not used up', async () => {
  const call = new ScriptedCall(script);
  const parts = await call.abortAfter('Where do I find you?', 1);
  assert.equal((await call.say('')).parts[0], parts[0]);
});

test('a message is handed over once, though the reply that did it was given up', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob', '555 1234', 'Call me.');
  const given = await call.abortAfter('Yes', 2);
  assert.equal(
    given.map((part) => part.type),
    ['tool-call', 'text'],
  );
  const { calls, text } = await call.say('please.');
  assert.equal(calls, []);
  assert.match(text, /^Thank you\. I will pass that on\./);
});

test('a message that is corrected after it was handed over is handed over again', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob', '555 1234', 'Call me.');
  await call.abortAfter('Yes', 2);
  await call.say('no wait, the number is 555 9999');
  const { calls } = await call.say('Yes');
  assert.is(calls[0]?.arguments.number, '5559999');
});

test('a reply that was given whole and superseded later was heard', async () => {
  const session = createScriptedModel(script).open(callContext(), []);
  const texts: string[] = [];
  const ask = async (text: string, signal: AbortSignal): Promise<void> => {
    for await (const part of session.reply({ cause: 'caller', text, last: false }, withoutTools(signal)))
      if (part.type === 'text') texts.push(part.text);
  };
  const first = new AbortController();
  await ask('Leave a message', first.signal);
  first.abort();
  await ask('Bob', new AbortController().signal);
  assert.is(texts.at(-1), 'What is your phone number?');
});

test('nothing is given any more once a reply was aborted', async () => {
  const session = createScriptedModel(script).open(callContext(), []);
  const abort = new AbortController();
  const parts = session.reply({ cause: 'caller', text: 'What are your hours?', last: false }, withoutTools(abort.signal))[Symbol.asyncIterator]();
  assert.is((await parts.next()).done, false);
  abort.abort();
  assert.is((await parts.next()).done, true);
});

test('a caller who only nods over an answer hears the rest of it', async () => {
  const call = new ScriptedCall(script);
  const whole = await call.say('Where are you?');
  assert.equal(whole.sentences, ['We are at twelve Maple Street.', 'It is right across from the station.', 'Anything else?']);
  call.cutAfter('We are at twelve Maple Street. It is right');
  assert.equal((await call.say('Uh-huh.')).sentences, whole.sentences.slice(1));
});

test('a no over an answer is not taken for the answer to a question that was not heard', async () => {
  const call = new ScriptedCall(script);
  await call.say('Where are you?');
  call.cutAfter('We are at');
  const { calls, text } = await call.say('No.');
  assert.equal(calls, []);
  assert.match(text, /twelve Maple Street/);
});

test('a no to a question that was begun answers it', async () => {
  const call = new ScriptedCall(script);
  await call.say('Where are you?');
  call.cutAfter('We are at twelve Maple Street. It is right across from the station. Anything');
  assert.is((await call.say('No.')).calls[0]?.name, 'hang_up');
});

test('a yes before the whole of a message was read back does not hand it over', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob', '555 1234', 'Call me.');
  call.cutAfter('The name is Bob.');
  const rest = await call.say('Yes.');
  assert.equal(rest.calls, []);
  assert.equal(rest.sentences, ['The number is five five five, one two three four.', 'The message is: Call me.', 'Is that right?']);
  assert.is((await call.say('Yes.')).calls[0]?.name, 'take_message');
});

test('a correction over the reading back is taken at once', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob', '555 1234', 'Call me.');
  call.cutAfter('The name is Bob. The number is five five');
  assert.match((await call.say('No, the number is 555 9999.')).text, /nine nine nine nine/);
});

test('a caller who goes on with the message over the reading back has it all written down', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob', '555 1234', 'Please tell them I am ill');
  call.cutAfter('The name');
  await call.say('and that I will be back on Monday.');
  assert.is((await call.say('Yes')).calls[0]?.arguments.message, 'Please tell them I am ill and that I will be back on Monday.');
});

test('what is not understood over an answer brings the rest of it, and is not held against the caller', async () => {
  const call = new ScriptedCall(script);
  const whole = await call.say('What are your hours?');
  call.cutAfter('We are open');
  assert.equal((await call.say('Gobbledygook.')).sentences, whole.sentences);
});

test('noise over an answer brings the rest of it', async () => {
  const call = new ScriptedCall(script);
  const whole = await call.say('What are your hours?');
  call.cutAfter('We are open Monday to Friday.');
  assert.equal((await call.say('')).sentences, whole.sentences.slice(1));
});

test('"say that again" after a cut brings the whole answer', async () => {
  const call = new ScriptedCall(script);
  const whole = await call.say('What are your hours?');
  call.cutAfter('We are open Monday to Friday. From nine');
  assert.equal((await call.say('Can you repeat that?')).sentences, whole.sentences);
});

test('a greeting of which nothing was heard is still owed', async () => {
  const call = new ScriptedCall(script);
  const greeting = await call.greet();
  call.cutAfter('');
  assert.equal((await call.say('Zzz.')).sentences, greeting.sentences);
});

test('a greeting of the call of which nothing was heard is still owed after a noise', async () => {
  const call = new ScriptedCall(script, { greeting: 'Good day.' });
  await call.greet();
  call.cutAfter('');
  assert.equal((await call.say('')).sentences, ['Good day.']);
});

test('what another agent was lost over is taken up with the words that the caller said to it', async () => {
  const call = new ScriptedCall(script, {}, [
    { who: 'agent', text: 'Good day. What can I do for you?' },
    { who: 'caller', text: 'What are your hours?' },
    { who: 'agent', text: 'Yes, of course, we are' },
  ]);
  assert.match((await call.takeUp()).text, /Monday to Friday/);
  const greeted = new ScriptedCall(script, {}, [{ who: 'agent', text: 'Good day.' }]);
  assert.not.match((await greeted.takeUp()).text, /Monday to Friday/);
});

test('news of a reply that was never asked for changes nothing', async () => {
  const call = new ScriptedCall(script);
  call.cutAfter('Hello');
  assert.match((await call.greet()).text, /^Hello, this is/);
});

test.run();
