import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadScript } from '#talkpath/providers/cascade/llm/scripted/load.js';
import { createScriptedModel } from '#talkpath/providers/cascade/llm/scripted/model.js';
import { ScriptedCall } from '../../support/scripted-call.js';

/** The receptionist that ships, in whole conversations. */
const script = loadScript();
const question = (sentences: readonly string[]): string => sentences.at(-1) ?? '';

test('a caller who asks for the hours and has enough is told goodbye', async () => {
  const call = new ScriptedCall(script);
  assert.equal((await call.greet()).sentences, ['Hello, this is Maple Street Studio.', 'How can I help you?']);
  const hours = await call.say('What time do you open?');
  assert.match(hours.text, /open Monday to Friday.*nine in the morning to five/);
  assert.is(question(hours.sentences), 'Anything else?');
  const goodbye = await call.say('No, thank you.');
  assert.match(goodbye.text, /Goodbye\.$/);
  assert.equal(goodbye.calls, [{ name: 'hang_up', arguments: {} }]);
  assert.is(goodbye.parts.at(-1)?.type, 'tool-call', 'the goodbye is said before the call is ended');
});

test('a message is taken with name and number, read back and handed over', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  assert.is(question((await call.say("I'd like to leave a message.")).sentences), 'May I have your name?');
  assert.is((await call.say('My name is John Smith.')).text, 'What is your phone number?');
  assert.is((await call.say('five five five, one two three four')).text, 'What is your message?');
  const back = await call.say('Please tell Anna that I will be 10 minutes late.');
  assert.equal(back.sentences, [
    'The name is John Smith.',
    'The number is five five five, one two three four.',
    'The message is: Please tell Anna that I will be ten minutes late.',
    'Is that right?',
  ]);
  assert.equal(back.calls, []);
  const done = await call.say("Yes, that's right.");
  assert.equal(done.calls, [
    {
      name: 'take_message',
      arguments: { name: 'John Smith', number: '5551234', message: 'Please tell Anna that I will be 10 minutes late.' },
    },
  ]);
  assert.is(done.parts[0]?.type, 'tool-call', 'nothing that cuts the reply can lose the message');
  assert.match(done.text, /^Thank you\. I will pass that on\./);
});

test('one value is corrected and the others are kept', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Anna Lee', '555 1234', 'Call me about the invoice.');
  assert.is((await call.say('No, the number is wrong.')).text, 'What is your phone number?');
  assert.match((await call.say('555 9876')).text, /Anna Lee.*nine eight seven six.*Call me about the invoice/);
  assert.match((await call.say("No, it's Hannah Leigh.")).text, /Hannah Leigh.*nine eight seven six/);
  assert.match((await call.say('No.')).text, /What should I change\?/);
  assert.is((await call.say('The message.')).text, 'What is your message?');
  const { calls } = await call.sayAll('Just call me back.', 'Correct.');
  assert.equal(calls[0]?.arguments, { name: 'Hannah Leigh', number: '5559876', message: 'Just call me back.' });
});

test('a number that is said again at the reading back replaces the first', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Anna Lee', '555 1234', 'Please call.');
  assert.match((await call.say("No, it's 555 1235.")).text, /one two three five/);
  const { calls } = await call.say('Yes.');
  assert.is(calls[0]?.arguments.number, '5551235');
});

test('what was told along with the request is not asked again', async () => {
  const call = new ScriptedCall(script);
  const reply = await call.say('Hi, this is Anna Lee, can you take a message? My number is 555 123 4567.');
  assert.is(question(reply.sentences), 'What is your message?');
});

test('a number may come in pieces, before the next question and after it', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob Jones');
  assert.is((await call.say('zero two zero')).text, 'Go on.');
  assert.is((await call.say('seven nine four six')).text, 'What is your message?');
  assert.is((await call.say('zero zero one eight')).text, 'What is your message?');
  const { calls } = await call.sayAll('Please call me.', 'Yes');
  assert.is(calls[0]?.arguments.number, '02079460018');
});

test('a number that is said twice in one breath counts once', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob Jones', '555 1234, 555 1234', 'Please call me.');
  assert.is((await call.say('Yes')).calls[0]?.arguments.number, '5551234');
});

test('the beginning of a number is forgotten when the whole of it is asked for again', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob Jones', 'five five five');
  await call.silence();
  await call.sayAll('212 555 1234', 'Please call me.');
  assert.is((await call.say('Yes')).calls[0]?.arguments.number, '2125551234');
});

test('a "wrong" that was taken down as a name is not written into the message', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob Jones', '555 1234', 'Please call me.');
  assert.is((await call.say('The name is Ron.')).text, 'May I have your name?');
  assert.match((await call.say('Ron')).text, /^The name is Ron\./);
});

test('the number that the caller calls from is taken if it is known', async () => {
  const known = new ScriptedCall(script, { caller: { number: '+15551234567' } });
  await known.sayAll('Leave a message', 'Bob');
  assert.is((await known.say('The number I am calling from.')).text, 'What is your message?');
  const unknown = new ScriptedCall(script);
  await unknown.sayAll('Leave a message', 'Bob');
  assert.is((await unknown.say('The number I am calling from.')).text, 'Sorry, which number can we call?');
});

test('within a task a caller may have the question repeated, ask something, wait, and go on', async () => {
  const call = new ScriptedCall(script);
  await call.say('Leave a message');
  assert.is(question((await call.say('Can you repeat that?')).sentences), 'May I have your name?');
  const hours = await call.say('When are you open?');
  assert.match(hours.text, /Monday to Friday.*May I have your name\?$/);
  assert.match((await call.say('Hold on a second.')).text, /^Sure, take your time\./);
  assert.is((await call.say('Bob')).text, 'What is your phone number?');
});

test('a task is cancelled on request', async () => {
  const call = new ScriptedCall(script);
  const { text, calls } = await call.sayAll('Leave a message', 'Bob', 'Actually, never mind.');
  assert.match(text, /^All right, never mind\./);
  assert.equal(calls, []);
  assert.match((await call.say('Where are you?')).text, /Maple Street/);
});

test('a person can be asked for anywhere, and the transfer follows the words', async () => {
  for (const before of [[], ['Leave a message'], ['Leave a message', 'Bob'], ['Leave a message', 'Bob', '555 1234', 'Call me.']]) {
    const call = new ScriptedCall(script);
    for (const words of before) await call.say(words);
    const { parts, calls } = await call.say('I want to talk to a person.');
    assert.equal(calls, [{ name: 'transfer', arguments: { reason: 'The caller asked for a person.' } }], before.join(', '));
    assert.is(parts[0]?.type, 'text');
  }
});

test('a message that was read back is not lost by a goodbye or by silence, but by a no', async () => {
  const upToReadBack = async (): Promise<ScriptedCall> => {
    const call = new ScriptedCall(script);
    await call.sayAll('Leave a message', 'Bob', '555 1234', 'Call me.');
    return call;
  };
  const names = ({ calls }: { calls: readonly { name: string }[] }): string[] => calls.map(({ name }) => name);
  assert.equal(names(await (await upToReadBack()).say('Yes, thank you, goodbye.')), ['take_message', 'hang_up']);
  assert.equal(names(await (await upToReadBack()).say('Goodbye.')), ['take_message', 'hang_up']);
  assert.equal(names(await (await upToReadBack()).silence(true)), ['take_message']);
  const denied = await upToReadBack();
  assert.equal(names(await denied.say('No.')), []);
  assert.equal(names(await denied.say('Goodbye.')), ['hang_up']);
});

test('words that only sound like a goodbye in a name or a message do not end the call', async () => {
  const call = new ScriptedCall(script);
  await call.say('Leave a message');
  assert.is((await call.say('Holly Buy')).text, 'What is your phone number?');
  await call.say('555 1234');
  const back = await call.say('Please tell him I have to go, so goodbye until Monday.');
  assert.match(back.text, /I have to go, so goodbye until Monday\. Is that right\?$/);
});

test('who is not understood is asked in other words, and then offered a person', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  const first = await call.say('The moon is made of cheese.');
  assert.match(first.text, /in other words/);
  const second = await call.say('The moon is made of cheese.');
  assert.match(second.text, /Would you like to talk to a person\?$/);
  assert.is((await call.say('Yes please.')).calls[0]?.name, 'transfer');
});

test('who does not want a person is told what can be asked', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  assert.match((await call.sayAll('Blah.', 'Blah blah.', 'No.')).text, /hours or address/);
});

test('a caller who was understood in between is asked in other words first', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  await call.sayAll('The moon is made of cheese.', 'What are your hours?');
  assert.match((await call.say('The moon is made of cheese.')).text, /in other words/);
});

test('within a task the question is put in other words before a person is offered, and an answer still counts', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message', 'Bob');
  assert.is((await call.say('Purple.')).text, 'Sorry, which number can we call?');
  assert.match((await call.say('Purple.')).text, /talk to a person\?$/);
  assert.is((await call.say('555 1234')).text, 'What is your message?');
});

test('a silent caller is asked twice and then told that the call ends', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  assert.is((await call.silence()).text, 'Are you still there?');
  assert.match((await call.silence()).text, /^I can not hear you\./);
  const last = await call.silence(true);
  assert.match(last.text, /I will hang up now\. Goodbye\.$/);
  assert.equal(last.calls, []);
});

test('a caller who speaks again after a silence starts from the first prompt the next time', async () => {
  const call = new ScriptedCall(script);
  await call.greet();
  await call.silence();
  await call.say('What are your hours?');
  assert.is((await call.silence()).text, 'Are you still there?');
});

test('a no after "are you still there?" still answers the question before it', async () => {
  const call = new ScriptedCall(script);
  await call.say('What are your hours?');
  await call.silence();
  assert.is((await call.say("No, that's it.")).calls[0]?.name, 'hang_up');
});

test('silence within a task brings its question again', async () => {
  const call = new ScriptedCall(script);
  await call.sayAll('Leave a message');
  assert.is((await call.silence()).text, 'Are you still there? May I have your name?');
});

test('the answer to the last words of a call is a goodbye', async () => {
  const call = new ScriptedCall(script);
  assert.match((await call.say('What are your hours?', true)).text, /Goodbye\.$/);
});

test('first words that are not understood are answered by a greeting that was not given', async () => {
  const call = new ScriptedCall(script);
  assert.match((await call.say('Zzz.')).text, /^Hello, this is/);
  assert.match((await call.say('Zzz.')).text, /^Sorry|talk to a person/);
});

test('the greeting of the call goes before that of the script, and an empty one says nothing', async () => {
  assert.equal((await new ScriptedCall(script, { greeting: 'Good day, {caller_name}. Speak.', caller: { name: 'Ann' } }).greet()).sentences, [
    'Good day, Ann.',
    'Speak.',
  ]);
  assert.equal((await new ScriptedCall(script, { greeting: '' }).greet()).parts, []);
});

test('variables of the call replace those of the script', async () => {
  const call = new ScriptedCall(script, { variables: { company: 'Harbour Bikes', open_hours: '9:30 to 18:00' } });
  assert.match((await call.greet()).text, /Harbour Bikes/);
  assert.match((await call.say('When are you open?')).text, /nine thirty to eighteen/);
});

test('the same words get the same answers in every call', async () => {
  const remarks = ['Hello', 'What are your hours?', 'What are your hours?', 'Thanks', 'Leave a message', 'Bob', 'hm', '555 1234', 'Call me', 'Yes'];
  const transcript = async (): Promise<string[]> => {
    const call = new ScriptedCall(script);
    const texts: string[] = [];
    for (const words of remarks) texts.push((await call.say(words)).text);
    return texts;
  };
  const first = await transcript();
  assert.equal(await transcript(), first);
  assert.is.not(first[1], first[2], 'but the second time in a call they are put another way');
});

test('every sentence that can be prepared is short and has nothing in it that a voice reads badly', () => {
  const { knownSentences } = createScriptedModel(script);
  assert.ok(knownSentences.length > 40);
  assert.is(new Set(knownSentences).size, knownSentences.length);
  for (const sentence of knownSentences) {
    assert.not.match(sentence, /[\d{}&%$#/]/, sentence);
    assert.ok(sentence.length <= 52, `${sentence.length} characters: ${sentence}`);
    assert.match(sentence, /[.?!]$/, sentence);
  }
});

test('whatever is said without a value of the call was prepared', async () => {
  const known = new Set(createScriptedModel(script).knownSentences);
  const call = new ScriptedCall(script);
  const replies = [await call.greet()];
  for (const words of ['Hours?', 'Where are you?', 'Zzz.', 'Zzz.', 'No.', 'Leave a message', 'Zzz zzz zzz zzz zzz.', 'Bob', 'nine', '555 1234']) {
    replies.push(await call.say(words));
  }
  for (const sentence of replies.flatMap(({ sentences }) => sentences)) assert.ok(known.has(sentence), sentence);
});

test.run();
