import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LlmAnswer, OpenAiLlmService } from '#emulators/openai-llm.js';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { systemClock } from '#talkpath/base/clock.js';
import { createOpenAiModel } from '#talkpath/providers/cascade/llm/openai/model.js';
import { createCascadeProvider } from '#talkpath/providers/cascade/provider.js';
import type { ProviderEvent, ProviderSession } from '#talkpath/providers/provider.js';
import { callContext, toolNamed } from '../../../support/call-context.js';
import { eventually } from '../../../support/deadline.js';

/** A language model where it belongs: between ears and a voice. */

let service: OpenAiLlmService;
let session: ProviderSession;
let events: ProviderEvent[];
let closeModel: () => Promise<void>;
/** What the caller says next. */
let words: string;

test.before.each(async () => {
  service = new OpenAiLlmService({ kind: 'compatible' });
  await service.listen();
  const model = createOpenAiModel(
    { type: 'openai', url: `${service.url}/v1`, api: 'chat', model: 'test-model', max_output_tokens: 100 },
    systemClock,
  );
  closeModel = () => model.close();
  const stt = {
    inputs: [pcm16(16_000)],
    turnTaking: 'ours' as const,
    open: async () => ({ push: () => {}, take: async () => words, close: () => {} }),
    close: async () => {},
  };
  const tts = {
    outputs: [],
    open: async () => ({
      async *speak() {
        yield { audio: new Uint8Array(320), format: pcm16(16_000) };
      },
      close: () => {},
    }),
    prepare: async () => {},
    close: async () => {},
  };
  events = [];
  session = await createCascadeProvider('test', { stt, llm: model, tts }, systemClock).connect({
    signal: new AbortController().signal,
    input: pcm16(16_000),
    output: pcm16(16_000),
    on: (event) => events.push(event),
    call: callContext({ greeting: 'Hello.', tools: [toolNamed('weather')] }),
    history: [],
  });
});

test.after.each(async () => {
  session.close();
  await closeModel();
  await service.close();
});

const ofTurn = (turn: number, type: ProviderEvent['type']): ProviderEvent[] =>
  events.filter((event) => event.type === type && 'turn' in event && event.turn === turn);

async function until(turn: number, type: ProviderEvent['type']): Promise<void> {
  await eventually(2000, `${type} of turn ${turn}`, () => ofTurn(turn, type).length > 0, 2);
}

function ask(turn: number, said: string, ...answers: LlmAnswer[]): void {
  words = said;
  service.answers.push(...answers);
  session.requestReply(turn, 'caller', false);
}

const agentSays = (turn: number): string[] =>
  ofTurn(turn, 'transcript').flatMap((event) => (event.type === 'transcript' && event.who === 'agent' ? [event.text] : []));

test('a call is greeted, answered, and helped by tools', async () => {
  session.requestReply(1, 'greeting', false);
  await until(1, 'reply-ended');
  assert.equal(agentSays(1), ['Hello.']);
  ask(2, 'Is it raining?', { text: 'One moment.', calls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] }, { text: 'Yes. It rains.' });
  await until(2, 'tool-call');
  const [call] = ofTurn(2, 'tool-call');
  assert.ok(call?.type === 'tool-call');
  assert.equal(call.type === 'tool-call' && call.arguments, { city: 'Oslo' });
  session.answerTool(call.type === 'tool-call' ? call.id : '', { text: 'rain', isSpokenOf: true });
  await until(2, 'reply-ended');
  assert.equal(agentSays(2), ['One moment.', 'Yes.', 'It rains.']);
  assert.equal(service.violations, []);
});

test('a caller who talks over the agent while a tool works is answered', async () => {
  ask(1, 'Is it raining?', { text: 'One moment.', calls: [{ name: 'weather', arguments: '{}' }] });
  await until(1, 'tool-call');
  session.cancelReply(1, { ms: 300, text: 'One' });
  ask(2, 'Never mind.', { text: 'As you wish.' });
  await until(2, 'reply-ended');
  assert.equal(agentSays(2), ['As you wish.']);
  assert.equal(ofTurn(1, 'reply-ended'), []);
  assert.equal(ofTurn(1, 'failed'), []);
  assert.equal(service.violations, []);
});

test('a reply that the service breaks off fails its turn, and the next is answered', async () => {
  ask(1, 'Hello?', { text: 'Yes. I am', isTruncated: true });
  await until(1, 'failed');
  const [failed] = ofTurn(1, 'failed');
  assert.is(failed?.type === 'failed' && failed.code, 'TP_ERR_PROVIDER_LOST');
  session.cancelReply(1, { ms: 0, text: '' });
  ask(2, 'Are you there?', { text: 'Yes.' });
  await until(2, 'reply-ended');
  const { messages } = service.requests.at(-1) as { messages: { content: string }[] };
  assert.is(messages.at(-1)?.content, 'Hello? Are you there?');
});

test.run();
