import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually, within } from '../../../support/deadline.js';
import { closeBenches, ModelBench, modelApis, Reply } from '../../../support/model-bench.js';

test.after.each(closeBenches);

for (const api of modelApis) {
  test(`${api}: the caller's words go to the model, and its sentences come one by one, then what they cost`, async () => {
    const bench = await ModelBench.open({ api });
    const reply = await bench.reply({ text: 'When do you open?' }, [
      { text: 'We open at nine. Can I help you with **anything** else?', usage: { input: 120, cached: 100, output: 14 } },
    ]);
    assert.equal(reply.sentences, ['We open at nine.', 'Can I help you with anything else?']);
    assert.equal(reply.usage, [{ input_text_tokens: 20, cached_text_tokens: 100, output_text_tokens: 14 }]);
    assert.is(reply.parts.at(-1)?.type, 'usage');
    assert.equal(bench.told, ['user: When do you open?']);
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: the model is reminded of its own words, as it wrote them`, async () => {
    const bench = await ModelBench.open({ api });
    await bench.reply({ text: 'Hello' }, [{ text: 'Hello. Who is **calling**?' }]);
    await bench.reply({ text: 'Anna' });
    assert.equal(bench.told, ['user: Hello', 'assistant: Hello. Who is **calling**?', 'user: Anna']);
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: the first sentence is spoken while the second is written`, async () => {
    const bench = await ModelBench.open({ api });
    bench.service.fault = { type: 'stall-in-reply', afterMs: 6 };
    bench.service.answers.push({ text: 'Yes, of course. And this part never comes.' });
    const abort = new AbortController();
    const parts = bench.start({ text: 'Please' }, { signal: abort.signal });
    const first = await within(2000, 'the first sentence', parts.next());
    assert.equal(first.value, { type: 'text', text: 'Yes, of course.' });
    abort.abort();
    assert.is((await within(2000, 'the end', parts.next())).done, true);
  });

  test(`${api}: a reply that is given up ends at once, and the service sees the request ended`, async () => {
    const bench = await ModelBench.open({ api, tokenMs: 20 });
    bench.service.answers.push({ text: `Well. ${'This goes on and on. '.repeat(50)}` });
    const abort = new AbortController();
    const parts = bench.start({ text: 'Tell me' }, { signal: abort.signal });
    assert.equal((await within(2000, 'a sentence', parts.next())).value, { type: 'text', text: 'Well.' });
    abort.abort();
    const rest = new Reply();
    await within(1000, 'the end of the reply', rest.take(parts));
    assert.equal(rest.parts, []);
    await eventually(1000, 'the service lost its client', () => bench.service.brokenOff === 1, 5);
    await eventually(1000, 'the connection is gone', () => bench.service.openConnections === 0, 5);
  });

  test(`${api}: a consumer that takes no more parts ends the request, too`, async () => {
    const bench = await ModelBench.open({ api, tokenMs: 20 });
    bench.service.answers.push({ text: `Well. ${'This goes on and on. '.repeat(50)}` });
    const parts = bench.start({ text: 'Tell me' });
    await within(2000, 'a sentence', parts.next());
    await within(1000, 'the return', Promise.resolve(parts.return?.()));
    await eventually(1000, 'the service lost its client', () => bench.service.brokenOff === 1, 5);
  });

  test(`${api}: a reply that is given up before the service answers ends quietly`, async () => {
    const bench = await ModelBench.open({ api });
    bench.service.fault = { type: 'hang' };
    const abort = new AbortController();
    const parts = bench.start({ text: 'Hello' }, { signal: abort.signal });
    const end = parts.next();
    await eventually(1000, 'the request is under way', () => bench.service.openConnections === 1, 5);
    abort.abort();
    assert.is((await within(1000, 'the end', end)).done, true);
    await eventually(1000, 'the connection is gone', () => bench.service.openConnections === 0, 5);
  });

  test(`${api}: a reply that was given up before it began asks nobody`, async () => {
    const bench = await ModelBench.open({ api });
    const reply = await bench.reply({ text: 'Hello' }, [], { signal: AbortSignal.abort() });
    assert.equal(reply.parts, []);
    assert.is(bench.service.requests.length, 0);
  });

  test(`${api}: turns of a call share one connection`, async () => {
    const bench = await ModelBench.open({ api });
    for (const text of ['One', 'Two', 'Three']) await bench.reply({ text });
    assert.is(bench.service.requests.length, 3);
    assert.is(bench.service.connections.size, 1);
    await bench.model.close();
    await eventually(1000, 'the connection is closed', () => bench.service.openConnections === 0, 5);
  });

  test(`${api}: what a reasoning model thinks is neither said nor kept`, async () => {
    const bench = await ModelBench.open({ api });
    const reply = await bench.reply({ text: 'Two and two?' }, [{ text: '<think>\nThey ask for a sum.\n</think>\n\nFour.' }]);
    assert.equal(reply.sentences, ['Four.']);
    await bench.reply({ text: 'Thanks' });
    assert.is(bench.told[1], 'assistant: Four.');
  });

  test(`${api}: settings go along with each request`, async () => {
    const bench = await ModelBench.open({ api, settings: { temperature: 0.3 } });
    await bench.reply({ text: 'Hello' });
    const [request] = bench.service.requests;
    assert.is(request?.temperature, 0.3);
    assert.is(api === 'chat' ? request?.max_tokens : request?.max_output_tokens, 200);
    assert.is(request?.tools, undefined);
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: a server of one's own is sent no key, whatever the environment holds`, async () => {
    process.env.OPENAI_API_KEY = 'sk-of-somebody-else';
    process.env.OPENAI_ORG_ID = 'org-of-somebody-else';
    process.env.OPENAI_PROJECT_ID = 'project-of-somebody-else';
    const bench = await ModelBench.open({ api, key: undefined, settings: { api_key: undefined } });
    const reply = await bench.reply({ text: 'Hello' });
    Reflect.deleteProperty(process.env, 'OPENAI_API_KEY');
    Reflect.deleteProperty(process.env, 'OPENAI_ORG_ID');
    Reflect.deleteProperty(process.env, 'OPENAI_PROJECT_ID');
    assert.equal(reply.sentences, ['Yes.']);
    assert.equal(bench.service.violations, []);
  });
}

test.run();
