import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { messageOf, TalkpathError } from '#talkpath/base/errors.js';
import type { CascadeParts } from '#talkpath/providers/cascade/provider.js';
import { createCascadeProvider } from '#talkpath/providers/cascade/provider.js';
import type { ProviderEvent, ProviderSession } from '#talkpath/providers/provider.js';
import { callContext } from '../../support/call-context.js';
import { within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

const said = 'my number is 555 4711';
const repeats = (): Error => Object.assign(new RangeError(`cannot go on with "${said}"`), { code: 'ECONNRESET' });
const fails = (): never => {
  throw repeats();
};

/** Parts that hear, answer and speak what was said, but for what a test puts in their place. */
function parts(stt: object, llm: object, tts: object): CascadeParts {
  return {
    stt: {
      inputs: [pcm16(16000)],
      turnTaking: 'ours',
      open: async () => ({ push: () => {}, take: async () => said, close: () => {}, ...stt }),
      close: async () => {},
    },
    llm: {
      knownSentences: [],
      open: () => ({
        async *reply() {
          yield { type: 'text', text: said };
        },
        heard: () => {},
        ...llm,
      }),
      close: async () => {},
    },
    tts: {
      outputs: [],
      open: async () => ({
        async *speak() {
          yield { audio: new Uint8Array(320), format: pcm16(16000) };
        },
        close: () => {},
        ...tts,
      }),
      prepare: async () => {},
      close: async () => {},
    },
  };
}

/** A session of those parts, and the first of its events that is one of `types`. */
async function session(
  cascade: CascadeParts,
  ...types: ProviderEvent['type'][]
): Promise<{ session: ProviderSession; event: Promise<ProviderEvent> }> {
  let tell: (event: ProviderEvent) => void = () => {};
  const event = new Promise<ProviderEvent>((resolve) => {
    tell = resolve;
  });
  const on = (happened: ProviderEvent): void => {
    if (types.includes(happened.type)) tell(happened);
  };
  const connected = createCascadeProvider('local', cascade, new ManualClock()).connect({
    signal: new AbortController().signal,
    input: pcm16(16000),
    output: pcm16(16000),
    on,
    call: callContext(),
    history: [],
  });
  return { session: await connected, event };
}

const failing: Record<string, [stage: string, cascade: CascadeParts]> = {
  'recognition that fails': ['speech to text', parts({ take: async () => fails() }, {}, {})],
  'a model that fails before its first word': ['language model', parts({}, { reply: fails }, {})],
  'a model that fails in the middle': [
    'language model',
    parts(
      {},
      {
        async *reply() {
          yield { type: 'text', text: said };
          fails();
        },
      },
      {},
    ),
  ],
  'a voice that fails before its first sound': ['text to speech', parts({}, {}, { speak: fails })],
  'a voice that fails in the middle': [
    'text to speech',
    parts(
      {},
      {},
      {
        async *speak() {
          yield { audio: new Uint8Array(320), format: pcm16(16000) };
          fails();
        },
      },
    ),
  ],
};

for (const [what, [stage, cascade]] of Object.entries(failing)) {
  test(`${what} is told by its stage and its kind, without a word of what was said`, async () => {
    const { session: caller, event } = await session(cascade, 'failed', 'reply-ended');
    caller.requestReply(1, 'caller', false);
    assert.equal(await within(2000, 'the reply fails', event), {
      type: 'failed',
      turn: 1,
      code: 'TP_ERR_PROVIDER_CONNECT',
      message: `The ${stage} failed with RangeError (ECONNRESET)`,
      retryable: true,
    });
  });
}

test('a stage that fails with a code of its own keeps the code, and not the message', async () => {
  const take = async (): Promise<never> => {
    throw new TalkpathError('TP_ERR_MODEL_RUN', said);
  };
  const { session: caller, event } = await session(parts({ take }, {}, {}), 'failed', 'reply-ended');
  caller.requestReply(1, 'caller', false);
  const failed = await within(2000, 'the reply fails', event);
  assert.equal(failed.type === 'failed' && [failed.code, failed.message], [
    'TP_ERR_MODEL_RUN',
    'The speech to text failed with TalkpathError (TP_ERR_MODEL_RUN)',
  ]);
});

test('what a stage throws at the call itself repeats nothing either', async () => {
  const { session: caller, event } = await session(parts({ push: fails, close: fails }, { heard: fails }, {}), 'reply-audio');
  caller.requestReply(1, 'caller', false);
  await within(2000, 'the reply is spoken', event);
  const actions = [() => caller.sendAudio(new Uint8Array(2), true), () => caller.cancelReply(1, { ms: 100, text: said }), () => caller.close()];
  for (const action of actions) {
    assert.throws(action, (error: unknown) => error instanceof TalkpathError && /^The .+ failed with RangeError \(ECONNRESET\)$/.test(error.message));
  }
  const unopened = { ...parts({}, {}, {}), llm: { knownSentences: [], open: fails, close: async () => {} } };
  const refusal = await session(unopened).catch(messageOf);
  assert.is(refusal, 'The language model failed with RangeError (ECONNRESET)');
});

test.run();
