import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { loadScript } from '#talkpath/providers/cascade/llm/scripted/load.js';
import { createScriptedModel } from '#talkpath/providers/cascade/llm/scripted/model.js';
import { createCascadeProvider } from '#talkpath/providers/cascade/provider.js';
import type { ProviderEvent, ProviderSession } from '#talkpath/providers/provider.js';
import { callContext } from '../../support/call-context.js';
import { within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

/** The scripted dialogue as the cascade drives it, turn by turn; recognition ends when the test says so. */
class Caller {
  readonly events: ProviderEvent[] = [];
  #session: ProviderSession | undefined;
  #recognised: (words: string) => void = () => {};
  /** The words of a turn are waited for. */
  #taken: () => void = () => {};
  #turn = 0;
  #arrived: () => void = () => {};

  async connect(): Promise<void> {
    const stt = {
      inputs: [pcm16(16000)],
      turnTaking: 'ours' as const,
      open: async () => ({
        push: () => {},
        take: () =>
          new Promise<string>((resolve) => {
            this.#recognised = resolve;
            this.#taken();
          }),
        close: () => {},
      }),
      close: async () => {},
    };
    const tts = {
      outputs: [],
      open: async () => ({
        async *speak() {
          yield { audio: new Uint8Array(320), format: pcm16(16000) };
        },
        close: () => {},
      }),
      prepare: async () => {},
      close: async () => {},
    };
    const provider = createCascadeProvider('local', { stt, llm: createScriptedModel(loadScript()), tts }, new ManualClock());
    this.#session = await provider.connect({
      signal: new AbortController().signal,
      on: (event) => {
        this.events.push(event);
        this.#arrived();
      },
      call: callContext(),
      history: [],
      input: pcm16(16000),
      output: pcm16(16000),
    });
  }

  /** The caller's turn is over; what was said is not yet known. @returns how to make it known */
  ask(): (words: string) => void {
    this.#turn += 1;
    this.#session?.requestReply(this.#turn, 'caller', false);
    return this.#recognised;
  }

  cancel(heardText: string): void {
    this.#session?.cancelReply(this.#turn, { ms: heardText.length * 50, text: heardText });
  }

  /** Says something and hears the whole answer. */
  async say(words: string): Promise<string> {
    const taken = new Promise<void>((resolve) => {
      this.#taken = resolve;
    });
    this.ask();
    await within(2000, 'the words are waited for', taken);
    this.#recognised(words);
    return this.answer();
  }

  async answer(): Promise<string> {
    const turn = this.#turn;
    while (!this.events.some((event) => event.type === 'reply-ended' && event.turn === turn)) {
      await within(2000, 'the reply has ended', new Promise<void>((resolve) => (this.#arrived = resolve)));
    }
    return this.events
      .flatMap((event) => (event.type === 'transcript' && event.who === 'agent' && event.turn === turn ? [event.text] : []))
      .join(' ');
  }
}

async function callerInTask(): Promise<Caller> {
  const caller = new Caller();
  await caller.connect();
  assert.match(await caller.say('Leave a message'), /your name\?$/);
  return caller;
}

test('a request that is cancelled before its words are known takes nothing back that was heard, and loses no word', async () => {
  const caller = await callerInTask();
  const recognise = caller.ask();
  caller.cancel('');
  recognise('Anna');
  await Promise.resolve();
  assert.is(await caller.say('Lee'), 'What is your phone number?');
  assert.match(await caller.say('555 1234'), /message\?$/);
  assert.match(await caller.say('Call me.'), /The name is Anna Lee\./);
});

test('a reply that is cancelled unheard is given after a noise without a word', async () => {
  const caller = await callerInTask();
  await caller.say('Bob');
  caller.cancel('');
  assert.is(await caller.say(''), 'What is your phone number?');
});

test('a reply that is cut by a noise without a word goes on', async () => {
  const caller = new Caller();
  await caller.connect();
  await caller.say('Where are you?');
  caller.cancel('We are at twelve Maple Street.');
  assert.is(await caller.say(''), 'It is right across from the station. Anything else?');
});

test('a noise after a reply that was heard is not answered', async () => {
  const caller = await callerInTask();
  assert.is(await caller.say(''), '');
  assert.is(await caller.say('Bob'), 'What is your phone number?');
});

test.run();
