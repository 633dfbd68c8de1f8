import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endUnknown, type ToolAnswer } from '#talkpath/providers/provider.js';
import { toolNamed } from '../../../support/call-context.js';
import { eventually, within } from '../../../support/deadline.js';
import { closeBenches, ModelBench, modelApis, Reply } from '../../../support/model-bench.js';

test.after.each(closeBenches);

const answered =
  (text: string, isSpokenOf = true) =>
  async (): Promise<ToolAnswer> => ({ text, isSpokenOf });
const tools = [toolNamed('weather'), toolNamed('hang_up')];
const weather = (city: string, id?: string) => ({ name: 'weather', arguments: JSON.stringify({ city }), ...(id && { id }) });

for (const api of modelApis) {
  test(`${api}: a tool is used, and the model says what came of it`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const used: unknown[] = [];
    const reply = await bench.reply(
      { text: 'What is it like in Oslo?' },
      [
        { text: 'One moment, please.', calls: [weather('Oslo', 'call_a')], usage: { input: 50, cached: 0, output: 9 } },
        { text: 'It rains.', usage: { input: 80, cached: 50, output: 4 } },
      ],
      {
        useTool: async (name, args) => {
          used.push([name, args]);
          return { text: '{"rain":true}', isSpokenOf: true };
        },
      },
    );
    assert.equal(used, [['weather', { city: 'Oslo' }]]);
    assert.equal(reply.sentences, ['One moment, please.', 'It rains.']);
    assert.equal(reply.usage, [
      { input_text_tokens: 50, cached_text_tokens: 0, output_text_tokens: 9 },
      { input_text_tokens: 30, cached_text_tokens: 50, output_text_tokens: 4 },
    ]);
    const told = ['user: What is it like in Oslo?', 'assistant: One moment, please.', 'call_a: weather {"city":"Oslo"}', 'call_a → {"rain":true}'];
    assert.is(bench.told.join(' | '), told.join(' | '));
    await bench.reply({ text: 'Thanks' });
    assert.is(bench.told.join(' | '), [...told, 'assistant: It rains.', 'user: Thanks'].join(' | '));
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: tools of one answer are used side by side, and told in order`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const finish = new Map<string, (answer: ToolAnswer) => void>();
    bench.service.answers.push({ calls: [weather('Oslo', 'call_a'), weather('Rome', 'call_b')] }, { text: 'Rain and sun.' });
    const reply = new Reply();
    const taken = reply.take(
      bench.start({ text: 'Oslo and Rome?' }, { useTool: (_name, { city }) => new Promise((resolve) => finish.set(String(city), resolve)) }),
    );
    await eventually(2000, 'both are asked for', () => finish.size === 2, 5);
    finish.get('Rome')?.({ text: 'sun', isSpokenOf: true });
    finish.get('Oslo')?.({ text: 'rain', isSpokenOf: true });
    await within(2000, 'the reply', taken);
    assert.equal(reply.sentences, ['Rain and sun.']);
    assert.is(bench.told.slice(1).join(' | '), 'call_a: weather {"city":"Oslo"} | call_b: weather {"city":"Rome"} | call_a → rain | call_b → sun');
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: a farewell is not spoken of: the reply ends without asking again`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const reply = await bench.reply({ text: 'Bye' }, [{ text: 'Goodbye!', calls: [{ name: 'hang_up', arguments: '{}' }] }], {
      useTool: answered('done', false),
    });
    assert.equal(reply.sentences, ['Goodbye!']);
    assert.is(bench.service.requests.length, 1);
    await bench.reply({ text: 'Wait' });
    assert.is(bench.told.join(' | '), 'user: Bye | assistant: Goodbye! | call_of_0: hang_up {} | call_of_0 → done | user: Wait');
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: when one of several tools is to be spoken of, the model is asked again`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    await bench.reply({ text: 'Bye' }, [{ calls: [{ name: 'hang_up', arguments: '{}' }, weather('Oslo')] }, { text: 'It rains. Bye!' }], {
      useTool: async (name) => ({ text: name, isSpokenOf: name === 'weather' }),
    });
    assert.is(bench.service.requests.length, 2);
  });

  for (const [what, call] of [
    ['arguments that are no JSON', { name: 'weather', arguments: '{"city":' }],
    ['arguments that are no object', { name: 'weather', arguments: '["Oslo"]' }],
    ['a tool that there is not', { name: 'launch', arguments: '{}' }],
    ['a tool of an impossible name', { name: 'launch the rockets!', arguments: '{}' }],
  ] as const) {
    test(`${api}: ${what}: the model is told, and nothing is done`, async () => {
      const bench = await ModelBench.open({ api, call: { tools } });
      let isUsed = false;
      const reply = await bench.reply({ text: 'Go' }, [{ calls: [call] }, { text: 'That did not work.' }], {
        useTool: async () => {
          isUsed = true;
          return { text: '', isSpokenOf: true };
        },
      });
      assert.is(isUsed, false);
      assert.equal(reply.sentences, ['That did not work.']);
      assert.match(bench.told.at(-1) ?? '', /→ \{"error":"(the arguments are not a JSON object|there is no tool of that name)"\}$/);
      assert.equal(bench.service.violations, []);
    });
  }

  test(`${api}: a tool that fails is told to the model`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const reply = await bench.reply({ text: 'Oslo?' }, [{ calls: [weather('Oslo')] }, { text: 'I cannot see it.' }], {
      useTool: () => Promise.reject(new Error('secret words')),
    });
    assert.equal(reply.sentences, ['I cannot see it.']);
    assert.match(bench.told.at(-1) ?? '', /→ \{"error":"it failed"\}$/);
  });

  test(`${api}: a reply that is given up while a tool works leaves a conversation that the service takes`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    bench.service.answers.push({ text: 'One moment.', calls: [weather('Oslo', 'call_a'), weather('Rome', 'call_b')] });
    const abort = new AbortController();
    const reply = new Reply();
    let asked = 0;
    const taken = reply.take(
      bench.start(
        { text: 'Oslo?' },
        {
          signal: abort.signal,
          useTool: (_name, { city }) => {
            asked += 1;
            if (city === 'Rome') return Promise.resolve({ text: 'sun', isSpokenOf: true });
            return new Promise((_resolve, reject) => abort.signal.addEventListener('abort', () => reject(abort.signal.reason)));
          },
        },
      ),
    );
    await eventually(2000, 'the tools are used', () => asked === 2, 5);
    abort.abort();
    bench.session.heard('One');
    await within(1000, 'the end', taken);
    assert.is(bench.service.requests.length, 1);
    await bench.reply({ text: 'Never mind' });
    assert.is(
      bench.told.join(' | '),
      [
        'user: Oslo?',
        'assistant: One —',
        'call_a: weather {"city":"Oslo"}',
        'call_b: weather {"city":"Rome"}',
        `call_a → ${endUnknown}`,
        'call_b → sun',
        'user: [Your last reply was cut off there: the caller heard no more of it.]\nNever mind',
      ].join(' | '),
    );
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: a reply that is given up with its last words uses no tool`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    bench.service.answers.push({ text: 'One moment.', calls: [weather('Oslo')] });
    const abort = new AbortController();
    let isUsed = false;
    const useTool = async (): Promise<ToolAnswer> => {
      isUsed = true;
      return { text: '', isSpokenOf: true };
    };
    const reply = bench.start({ text: 'Oslo?' }, { signal: abort.signal, useTool });
    assert.equal((await within(2000, 'the words', reply.next())).value, { type: 'text', text: 'One moment.' });
    abort.abort();
    assert.is((await within(1000, 'the end', reply.next())).done, true);
    assert.is(isUsed, false);
  });

  test(`${api}: a tool that was used is remembered though nothing of the reply was heard`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    await bench.reply({ text: 'Oslo?' }, [{ calls: [weather('Oslo', 'call_a')] }, { text: 'It rains.' }], { useTool: answered('rain') });
    bench.session.heard('');
    await bench.reply({ text: 'Hello?' });
    assert.is(
      bench.told.join(' | '),
      'user: Oslo? | call_a: weather {"city":"Oslo"} | call_a → rain | user: [The caller heard nothing of your last reply.]\nHello?',
    );
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: a model that never comes to words is made to after four rounds`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const loop = [1, 2, 3, 4].map(() => ({ calls: [weather('Oslo')] }));
    const reply = await bench.reply({ text: 'Oslo?' }, [...loop, { text: 'I give up.' }], { useTool: answered('try again') });
    assert.equal(reply.sentences, ['I give up.']);
    assert.equal(
      bench.service.requests.map(({ tool_choice }) => tool_choice),
      [undefined, undefined, undefined, undefined, 'none'],
    );
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: a model that asks for tools even then is asked no more`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const loop = [1, 2, 3, 4, 5, 6].map(() => ({ calls: [weather('Oslo')] }));
    let used = 0;
    await bench.reply({ text: 'Oslo?' }, loop, {
      useTool: async () => {
        used += 1;
        return { text: 'try again', isSpokenOf: true };
      },
    });
    assert.is(bench.service.requests.length, 5);
    assert.is(used, 4);
    bench.service.answers.length = 0;
    await bench.reply({ text: 'Hello?' });
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: calls of the same identifier, or of none, are told apart`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const cities: unknown[] = [];
    await bench.reply({ text: 'Go' }, [{ calls: [weather('Oslo', 'same'), weather('Rome', 'same'), { ...weather('Bern'), id: '' }] }], {
      useTool: async (_name, { city }) => {
        cities.push(city);
        return { text: String(city), isSpokenOf: true };
      },
    });
    assert.equal(cities, ['Oslo', 'Rome', 'Bern']);
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: an answer that is cut does not use the tool whose call is cut`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    const cities: unknown[] = [];
    await bench.reply({ text: 'Go' }, [{ calls: [weather('Oslo'), weather('Rome')], finish: 'length' }, { text: 'Well.' }], {
      useTool: async (_name, { city }) => {
        cities.push(city);
        return { text: '', isSpokenOf: true };
      },
    });
    assert.equal(cities, ['Oslo']);
    assert.equal(bench.service.violations, []);
  });

  test(`${api}: a long result is cut before the model reads it`, async () => {
    const bench = await ModelBench.open({ api, call: { tools } });
    await bench.reply({ text: 'Go' }, [{ calls: [weather('Oslo')] }, { text: 'Well.' }], { useTool: answered('x'.repeat(100_000)) });
    assert.match(bench.told.at(-1) ?? '', /x … \(cut\)$/);
    assert.ok((bench.told.at(-1) ?? '').length < 8100);
  });
}

test.run();
