import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type LlmAnswer, OpenAiLlmService } from '#emulators/openai-llm.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { systemClock } from '#talkpath/base/clock.js';
import { EarlyReplies } from '#talkpath/providers/cascade/early-replies.js';
import type { LlmSession } from '#talkpath/providers/cascade/llm/llm.js';
import { createOpenAiModel } from '#talkpath/providers/cascade/llm/openai/model.js';
import { createCascadeProvider } from '#talkpath/providers/cascade/provider.js';
import { sameWords } from '#talkpath/providers/cascade/same-words.js';
import type { SttEvent } from '#talkpath/providers/cascade/stt/stt.js';
import type { ProviderEvent, ProviderSession } from '#talkpath/providers/provider.js';
import { settled } from '../../support/call-bench.js';
import { callContext, toolNamed } from '../../support/call-context.js';
import { eventually } from '../../support/deadline.js';

const frame = new Uint8Array(640);

interface Bench {
  service: OpenAiLlmService;
  session: ProviderSession;
  events: ProviderEvent[];
  /** The caller speaks, and what is understood of it while they do; then falls silent. */
  say: (soFar: string) => void;
  tell: (event: SttEvent) => void;
  /** What was understood, once the turn is over. */
  words: string;
  close: () => Promise<void>;
}

const test = suite<Bench>('early replies');

test.before.each(async (bench) => {
  const service = new OpenAiLlmService({ kind: 'compatible', tokenMs: 2 });
  await service.listen();
  const llm = createOpenAiModel({ type: 'openai', url: `${service.url}/v1`, api: 'chat', model: 'test-model', max_output_tokens: 100 }, systemClock);
  let tell: (event: SttEvent) => void = () => {};
  const stt = {
    inputs: [pcm16(16_000)],
    turnTaking: 'ours' as const,
    open: ({ on }: { on: (event: SttEvent) => void }) => {
      tell = on;
      return { push: () => {}, take: async () => bench.words, close: () => {} };
    },
    close: async () => {},
  };
  const tts = {
    outputs: [],
    open: async () => ({
      async *speak() {
        yield { audio: frame, format: pcm16(16_000) };
      },
      close: () => {},
    }),
    prepare: async () => {},
    close: async () => {},
  };
  const events: ProviderEvent[] = [];
  const session = await createCascadeProvider('test', { stt, llm, tts }, systemClock, { earlyReply: true }).connect({
    signal: new AbortController().signal,
    input: pcm16(16_000),
    output: pcm16(16_000),
    on: (event) => events.push(event),
    call: callContext({ greeting: 'Hello.', tools: [toolNamed('weather')] }),
    history: [],
  });
  const say = (soFar: string): void => {
    session.sendAudio(frame, true);
    tell({ type: 'partial', text: soFar });
    session.sendAudio(frame, false);
  };
  const close = async (): Promise<void> => {
    session.close();
    await llm.close();
    await service.close();
  };
  Object.assign(bench, { service, session, events, say, tell: (event: SttEvent) => tell(event), words: '', close });
});
test.after.each(({ close }) => close());

const ofTurn = ({ events }: Bench, turn: number, type: ProviderEvent['type']): ProviderEvent[] =>
  events.filter((event) => event.type === type && 'turn' in event && event.turn === turn);
const ended = (bench: Bench, turn: number): Promise<unknown> =>
  eventually(2000, `the end of turn ${turn}`, () => ofTurn(bench, turn, 'reply-ended').length > 0, 2);
const asked = ({ service }: Bench, count: number): Promise<unknown> =>
  eventually(2000, `${count} requests`, () => service.requests.length >= count, 2);
const answered = ({ service }: Bench, count: number): Promise<unknown> => eventually(2000, `${count} answers`, () => service.answered >= count, 2);
const paid = ({ events }: Bench): Promise<unknown> => eventually(2000, 'the cost', () => events.some(({ type }) => type === 'usage'), 2);
const toldLast = ({ service }: Bench): unknown =>
  (service.requests.at(-1) as { messages: { content: string }[] }).messages.slice(1).map(({ content }) => content);
const agentSays = (bench: Bench, turn: number): string[] =>
  ofTurn(bench, turn, 'transcript').flatMap((event) => (event.type === 'transcript' && event.who === 'agent' ? [event.text] : []));

function answering(bench: Bench, turn: number, words: string): void {
  bench.words = words;
  bench.session.requestReply(turn, 'caller', false);
}

const opening: LlmAnswer = { text: 'From nine to five.', usage: { input: 10, cached: 0, output: 5 } };

test('the model is asked when the caller falls silent, and what it has written is there when the turn is over', async (bench) => {
  bench.service.answers.push(opening);
  bench.say('when are you open');
  await answered(bench, 1);
  assert.equal(
    bench.events.filter(({ type }) => type !== 'usage'),
    [],
    'nothing but what it cost is told before the turn is over',
  );
  answering(bench, 1, 'When are you open?');
  await ended(bench, 1);
  assert.equal(agentSays(bench, 1), ['From nine to five.']);
  assert.is(bench.service.requests.length, 1);
  assert.equal(bench.events.filter(({ type }) => type === 'usage').length, 1);
  bench.say('thank you');
  await asked(bench, 2);
  assert.equal(toldLast(bench), ['when are you open', 'From nine to five.', 'thank you']);
});

test('words that come late are asked anew, and the first guess is forgotten', async (bench) => {
  bench.service.answers.push({ text: 'What for?' }, opening);
  bench.say('when are');
  await asked(bench, 1);
  bench.tell({ type: 'partial', text: 'when are you open' });
  await asked(bench, 2);
  bench.tell({ type: 'partial', text: 'When are you open?' });
  answering(bench, 1, 'When are you open?');
  await ended(bench, 1);
  assert.is(bench.service.requests.length, 2);
  assert.equal(agentSays(bench, 1), ['From nine to five.']);
  assert.equal(toldLast(bench), ['when are you open']);
});

test('a caller who goes on has not finished, and is answered once', async (bench) => {
  bench.service.answers.push({ text: 'For how many?' }, { text: 'Tonight, then.' });
  bench.say('I would like a table');
  await answered(bench, 1);
  bench.session.sendAudio(frame, true);
  bench.say('I would like a table for tonight');
  await asked(bench, 2);
  answering(bench, 1, 'I would like a table for tonight.');
  await ended(bench, 1);
  assert.equal(agentSays(bench, 1), ['Tonight, then.']);
  assert.equal(toldLast(bench), ['I would like a table for tonight']);
});

test('no more than three guesses are made in a turn', async (bench) => {
  bench.say('one');
  for (const soFar of ['one two', 'one two three', 'one two three four', 'one two three four five']) {
    await asked(bench, Math.min(3, soFar.split(' ').length - 1));
    bench.tell({ type: 'partial', text: soFar });
  }
  answering(bench, 1, 'One two three four five.');
  await ended(bench, 1);
  assert.is(bench.service.requests.length, 4);
  assert.equal(toldLast(bench), ['One two three four five.']);
});

test('what was understood in the end counts, not the guess', async (bench) => {
  bench.service.answers.push({ text: 'We are closed on Sunday.' }, { text: 'From nine on Monday.' });
  bench.say('are you open on sunday');
  await asked(bench, 1);
  answering(bench, 1, 'Are you open on Monday?');
  await ended(bench, 1);
  assert.equal(agentSays(bench, 1), ['From nine on Monday.']);
  assert.equal(toldLast(bench), ['Are you open on Monday?']);
});

test('nothing is done in the world before the turn is over', async (bench) => {
  bench.service.answers.push({ text: 'One moment.', calls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] }, { text: 'It rains.' });
  bench.say('is it raining in oslo');
  await answered(bench, 1);
  assert.equal(bench.events, []);
  answering(bench, 1, 'Is it raining in Oslo?');
  await eventually(2000, 'the tool', () => ofTurn(bench, 1, 'tool-call').length > 0, 2);
  const [call] = ofTurn(bench, 1, 'tool-call');
  bench.session.answerTool(call?.type === 'tool-call' ? call.id : '', { text: 'rain', isSpokenOf: true });
  await ended(bench, 1);
  assert.equal(agentSays(bench, 1), ['One moment.', 'It rains.']);
  const order = bench.events.map(({ type }) => type);
  assert.ok(order.indexOf('transcript') < order.indexOf('tool-call'), 'the turn was over before');
});

test('a guess for which the model could not be had is no reason not to ask it when the turn is over', async (bench) => {
  bench.service.answers.push({ text: 'From', isTruncated: true }, opening);
  bench.say('when are you open');
  await answered(bench, 1);
  answering(bench, 1, 'When are you open?');
  await ended(bench, 1);
  assert.equal(agentSays(bench, 1), ['From nine to five.']);
  assert.equal(toldLast(bench), ['When are you open?']);
});

test('a guess that used a tool and was wrong has used none', async (bench) => {
  bench.service.answers.push({ calls: [{ name: 'weather', arguments: '{}' }] }, { text: 'Never mind.' });
  bench.say('is it raining');
  await answered(bench, 1);
  answering(bench, 1, 'It is raining men.');
  await ended(bench, 1);
  assert.equal(ofTurn(bench, 1, 'tool-call'), []);
  assert.equal(toldLast(bench), ['It is raining men.']);
});

test('a caller who spoke over a reply, and then cuts it, is not lost with the guess: what was heard of the reply is remembered', async (bench) => {
  bench.service.answers.push({ text: 'We are open from nine to five.' }, { text: 'Guess.' }, { text: 'Goodbye.' });
  answering(bench, 1, 'When are you open?');
  await ended(bench, 1);
  bench.say('stop');
  await asked(bench, 2);
  bench.session.cancelReply(1, { ms: 300, text: 'We are' });
  answering(bench, 2, 'Stop it.');
  await ended(bench, 2);
  assert.equal(toldLast(bench), ['When are you open?', 'We are —', '[Your last reply was cut off there: the caller heard no more of it.]\nStop it.']);
  assert.equal(agentSays(bench, 2), ['Goodbye.']);
});

test('what a guess has told of its cost counts though it is taken back', async () => {
  let takenBack = 0;
  const llm: LlmSession = {
    async *reply() {
      yield { type: 'text', text: 'One.' };
      yield { type: 'usage', usage: { output_text_tokens: 3 } };
    },
    heard: () => {},
    takeBack: () => {
      takenBack += 1;
    },
  };
  const used: unknown[] = [];
  const early = new EarlyReplies(llm, (usage) => used.push(usage));
  early.guess('one');
  await settled();
  early.takeBack();
  early.takeBack();
  await settled();
  assert.equal([used, takenBack], [[{ output_text_tokens: 3 }], 1]);
});

test('signs without a word are no words to answer, and nothing of a guess outlives a turn without any', async (bench) => {
  bench.say('…?');
  bench.tell({ type: 'partial', text: '👍' });
  answering(bench, 1, '');
  await ended(bench, 1);
  assert.equal(bench.service.requests, []);
  bench.service.answers.push({ text: 'Approved.', usage: { input: 10, cached: 0, output: 5 } }, { text: 'Hello.' });
  bench.say('hm');
  await paid(bench);
  answering(bench, 2, '');
  await ended(bench, 2);
  answering(bench, 3, 'Hello.');
  await ended(bench, 3);
  assert.equal(toldLast(bench), ['Hello.']);
  assert.equal(bench.events.filter(({ type }) => type === 'usage').length, 1);
});

test('words that come when the turn is over begin nothing, nor do those that come when all is over', async (bench) => {
  bench.say('hello');
  await answered(bench, 1);
  answering(bench, 1, 'Hello.');
  await ended(bench, 1);
  bench.tell({ type: 'partial', text: 'hello there' });
  bench.say('anybody');
  await asked(bench, 2);
  assert.is((toldLast(bench) as string[]).at(-1), 'anybody');
  bench.session.close();
  bench.tell({ type: 'partial', text: 'anybody there' });
  await pause(50);
  assert.is(bench.service.requests.length, 2);
});

test('what a reply has cost is told when it is known, whoever cuts it afterwards', async (bench) => {
  bench.service.answers.push({ text: 'One. Two. Three.', usage: { input: 10, cached: 0, output: 5 } });
  bench.say('count');
  await paid(bench);
  answering(bench, 1, 'Count.');
  bench.session.cancelReply(1, { ms: 0, text: '' });
  await settled();
  assert.equal(ofTurn(bench, 1, 'reply-ended'), []);
});

for (const [one, other] of [
  ['3 5', '3.5'],
  ['5', '-5'],
  ['20 $', '20 €'],
  ['5', '5%'],
  ['1 2', '1/2'],
  ['👍', '👎'],
] as const)
  test(`"${one}" is not "${other}"`, () => assert.not.ok(sameWords(one, other)));

test('case, punctuation and the form of letters make no other words', () => {
  assert.ok(sameWords('When are you open, at the café?', 'when are you open at the cafe\u0301'));
});

test('a session that is closed over a guess leaves nothing', async (bench) => {
  bench.service.answers.push({ text: 'A long story. '.repeat(100) });
  bench.say('tell me a story');
  await asked(bench, 1);
  bench.session.close();
  await eventually(1000, 'no request is at work', () => bench.service.openConnections === 0, 2);
  assert.equal(bench.events, []);
});

test.run();
