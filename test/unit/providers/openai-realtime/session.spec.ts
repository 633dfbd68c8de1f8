import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { checked, mulaw } from './bench.js';

const check = checked(test);

const lookup = {
  name: 'lookup',
  description: 'Finds an order.',
  parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
};

check('a session is what the settings and the call say', async (bench) => {
  await bench.open({
    set: {
      voice: 'cedar',
      speed: 1.1,
      threshold: 0.6,
      prefix_ms: 200,
      silence_ms: 350,
      noise_reduction: 'far_field',
      transcription_model: 'whisper-1',
    },
    call: { prompt: 'You sell tea.', language: 'de-CH', tools: [lookup] },
    output: pcm16(24_000),
  });
  assert.equal((await bench.received('session.update')).session, {
    type: 'realtime',
    output_modalities: ['audio'],
    instructions: 'You sell tea.\n\nSpeak Swiss High German (de-CH), unless the caller asks for another language.',
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        transcription: { model: 'whisper-1', language: 'de' },
        noise_reduction: { type: 'far_field' },
        turn_detection: {
          type: 'server_vad',
          threshold: 0.6,
          prefix_padding_ms: 200,
          silence_duration_ms: 350,
          create_response: false,
          interrupt_response: false,
        },
      },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'cedar', speed: 1.1 },
    },
    tools: [{ type: 'function', ...lookup }],
    tool_choice: 'auto',
  });
});

check('a model that finds turns by their sense is as eager as it is set to be', async (bench) => {
  await bench.open({ set: { turn_detection: 'semantic', eagerness: 'high' } });
  assert.is(bench.provider({ turn_detection: 'semantic' }).abilities.turnTaking, 'own');
  const { turn_detection } = bench.service.session.settings.audio.input;
  assert.equal(turn_detection, { type: 'semantic_vad', eagerness: 'high', create_response: false, interrupt_response: false });
});

check('a caller is heard, and answered when the service finds that the turn is over', async (bench) => {
  bench.service.words.push('I want tea');
  bench.service.answers.push({ parts: [{ say: 'Tea it is. Green or black?', ms: 600 }] });
  const session = await bench.open();
  bench.hear(300, false);
  bench.hear(800, true);
  assert.equal(bench.events, []);
  bench.hear(700, false);
  await bench.event('turn-ended');
  session.requestReply(1, 'caller', false);
  await bench.event('reply-ended');
  await bench.event('transcript', { who: 'caller' });
  assert.is(bench.service.receivedOf('input_audio_buffer.commit').length, 0);
  assert.is(bench.said(1), 'Tea it is. Green or black?');
  assert.is(bench.heardMs(1), 600);
  assert.equal(
    bench.eventsOf('transcript').filter(({ who }) => who === 'caller'),
    [{ type: 'transcript', turn: 1, who: 'caller', text: 'I want tea', final: true }],
  );
  assert.is(bench.eventsOf('turn-ended').length, 1);
  assert.is(bench.events.at(-1)?.type, 'reply-ended');
});

for (const format of [mulaw, { encoding: 'alaw', rateHz: 8000 } as const, pcm16(24_000)]) {
  check(`${format.encoding} passes straight through, both ways`, async (bench) => {
    const session = await bench.open({ input: format, output: format });
    bench.hear(400, true);
    bench.hear(700, false);
    await bench.event('turn-ended');
    const bytesPerMs = (format.rateHz / 1000) * (format.encoding === 'pcm16' ? 2 : 1);
    assert.is(bench.service.audio.length, 1100 * bytesPerMs);
    const distinct = new Set(bench.service.audio.subarray(0, 400 * bytesPerMs));
    assert.ok(distinct.size > 20, 'what was said is in it');
    session.requestReply(1, 'caller', false);
    await bench.event('reply-ended');
    assert.is(bench.heardMs(1), 400);
    assert.ok(bench.eventsOf('reply-audio').every((event) => event.format === format));
  });
}

check("an agent's text comes before the audio that speaks it, and its clauses are pieces", async (bench) => {
  bench.service.answers.push({ parts: [{ say: 'Good morning, this is Ann. How can I help you today?', ms: 2000 }] });
  const session = await bench.open();
  session.requestReply(1, 'greeting', false);
  await bench.event('reply-ended');
  const order = bench.events.filter(({ type }) => type === 'transcript' || type === 'reply-audio').map(({ type }) => type);
  assert.is(order[0], 'transcript');
  assert.is(order.filter((type) => type === 'reply-audio').length, 20);
  const pieces = bench.eventsOf('transcript').map(({ text }) => text);
  assert.is(pieces.join(' '), 'Good morning, this is Ann. How can I help you today?');
  assert.ok(pieces.length > 3, 'nothing is held back until the end');
});

check("the caller's words may come after the reply has begun, and belong to the turn that answers them", async (bench) => {
  bench.service.recogniseMs = 150;
  bench.service.words.push('first', 'second');
  const session = await bench.open();
  for (const turn of [1, 2]) {
    bench.hear(300, true);
    bench.hear(600, false);
    await bench.event('turn-ended', { count: turn });
    session.requestReply(turn, 'caller', false);
    await bench.event('reply-ended', { turn });
  }
  await bench.event('transcript', { who: 'caller', count: 2 });
  const told = bench.eventsOf('transcript').filter(({ who }) => who === 'caller');
  assert.equal(
    told.map(({ turn, text }) => `${turn} ${text}`),
    ['1 first', '2 second'],
  );
  const reply = bench.events.findIndex((event) => event.type === 'reply-audio');
  assert.ok(bench.events.findIndex((event) => event.type === 'transcript' && event.who === 'caller') > reply);
});

check('words of a turn that was cancelled before they were recognised belong to the next', async (bench) => {
  bench.service.recogniseMs = 100;
  bench.service.words.push('I would like', 'some tea');
  const session = await bench.open();
  bench.hear(300, true);
  bench.hear(600, false);
  await bench.event('turn-ended');
  session.requestReply(1, 'caller', false);
  session.cancelReply(1, { ms: 0, text: '' });
  await bench.sent('conversation.item.input_audio_transcription.completed');
  bench.hear(300, true);
  bench.hear(600, false);
  await bench.event('turn-ended', { count: 2 });
  session.requestReply(2, 'caller', false);
  await bench.event('reply-ended');
  await bench.event('transcript', { who: 'caller', count: 2 });
  const told = bench.eventsOf('transcript').filter(({ who }) => who === 'caller');
  assert.equal(
    told.map(({ turn, text }) => `${turn} ${text}`),
    ['2 I would like', '2 some tea'],
  );
});

check('a caller whose words cannot be recognised is answered all the same', async (bench) => {
  bench.service.recognitionFails = true;
  const session = await bench.open();
  bench.hear(300, true);
  bench.hear(600, false);
  await bench.event('turn-ended');
  session.requestReply(1, 'caller', false);
  await bench.sent('conversation.item.input_audio_transcription.failed');
  await bench.event('reply-ended');
  assert.equal(
    bench.events.filter((event) => event.type === 'failed' || (event.type === 'transcript' && event.who === 'caller')),
    [],
  );
});

check('a turn that the service does not end is committed when the reply is asked for', async (bench) => {
  bench.service.words.push('still talking');
  const session = await bench.open();
  bench.hear(600, true);
  await bench.sent('input_audio_buffer.speech_started');
  session.requestReply(1, 'caller', false);
  await bench.received('input_audio_buffer.commit');
  await bench.event('reply-ended');
  const order = bench.service.received.map(({ type }) => type);
  assert.ok(order.indexOf('input_audio_buffer.commit') < order.indexOf('response.create'));
  assert.equal(bench.eventsOf('turn-ended'), []);
  assert.is((await bench.event('transcript', { who: 'caller' })).text, 'still talking');
});

check('speech that only the service has noticed is committed too', async (bench) => {
  const session = await bench.open();
  bench.hear(600, true, false);
  await bench.sent('input_audio_buffer.speech_started');
  await bench.caughtUp();
  session.requestReply(1, 'caller', false);
  await bench.event('reply-ended');
  assert.is(bench.service.receivedOf('input_audio_buffer.commit').length, 1);
});

check('silence is not committed: a reply to nothing new is asked for alone', async (bench) => {
  const session = await bench.open();
  bench.hear(1000, false);
  session.requestReply(1, 'caller', false);
  await bench.event('reply-ended');
  assert.is(bench.service.receivedOf('input_audio_buffer.commit').length, 0);
});

check('where talkpath finds the turns, it commits what was said and not what was silent', async (bench) => {
  bench.service.words.push('one', 'two');
  assert.is(bench.provider({ turn_detection: 'ours' }).abilities.turnTaking, 'ours');
  const session = await bench.open({ set: { turn_detection: 'ours', prefix_ms: 200 } });
  assert.is(bench.service.session.settings.audio.input.turn_detection, null);
  for (const turn of [1, 2]) {
    bench.hear(20_000, false);
    bench.hear(500, true);
    bench.hear(400, false);
    session.requestReply(turn, 'caller', false);
    await bench.event('reply-ended', { turn });
  }
  const items = bench.service.session.conversation.items.filter(({ role }) => role === 'user');
  assert.equal(
    items.map(({ text, audioMs }) => `${text} ${audioMs}`),
    ['one 1100', 'two 1100'],
  );
  assert.equal(bench.eventsOf('turn-ended'), []);
});

check('what was used is told in units that are charged apart', async (bench) => {
  const session = await bench.open();
  bench.hear(300, true);
  bench.hear(600, false);
  await bench.event('turn-ended');
  session.requestReply(1, 'caller', false);
  await bench.event('usage', { count: 2 });
  const used = Object.assign({}, ...bench.eventsOf('usage').map(({ usage }) => usage));
  assert.equal(used, {
    stt_tokens: 24,
    input_text_tokens: 56,
    input_audio_tokens: 48,
    cached_text_tokens: 64,
    cached_audio_tokens: 32,
    output_text_tokens: 20,
    output_audio_tokens: 100,
  });
});

check('what was not used is not told', async (bench) => {
  bench.service.recognitionUsage = {};
  const session = await bench.open();
  bench.hear(300, true);
  bench.hear(600, false);
  await bench.event('turn-ended');
  session.requestReply(1, 'caller', false);
  await bench.event('reply-ended');
  await bench.event('transcript', { who: 'caller' });
  assert.is(bench.eventsOf('usage').length, 1);
});

check('each reply tells once how long its first audio took', async (bench) => {
  bench.service.firstAudioMs = 60;
  const session = await bench.open();
  for (const turn of [1, 2]) {
    session.requestReply(turn, 'no-input', false);
    await bench.event('reply-ended', { turn });
  }
  const timings = bench.eventsOf('timing');
  assert.equal(
    timings.map(({ turn, stage }) => `${turn} ${stage}`),
    ['1 llm', '2 llm'],
  );
  assert.ok(timings.every(({ ms }) => ms >= 60 && ms < 1000));
  assert.ok(bench.events.findIndex(({ type }) => type === 'timing') < bench.events.findIndex(({ type }) => type === 'reply-audio'));
});

check('a greeting that is set is to be said word for word, with all else that the model is told', async (bench) => {
  const session = await bench.open({ call: { greeting: 'Tea house, good day!', prompt: 'You sell tea.' } });
  session.requestReply(1, 'greeting', false);
  const { response } = (await bench.received('response.create')) as { response: { instructions: string } };
  assert.match(response.instructions, /^You sell tea\.\n\n.*"Tea house, good day!"$/s);
});

check('an empty greeting is none: the reply ends at once', async (bench) => {
  const session = await bench.open({ call: { greeting: '' } });
  session.requestReply(1, 'greeting', false);
  assert.equal(bench.events, [{ type: 'reply-ended', turn: 1 }]);
  session.requestReply(2, 'no-input', false);
  await bench.event('reply-ended', { turn: 2 });
  assert.is(bench.service.receivedOf('response.create').length, 1);
});

check('a caller is answered with what the session was told, and nothing in its place', async (bench) => {
  const session = await bench.open({ call: { prompt: 'You sell tea.' } });
  session.requestReply(1, 'caller', false);
  const { response } = (await bench.received('response.create')) as { response: object };
  assert.equal(Object.keys(response), ['metadata']);
});

check('a conversation that another began is read before it is gone on with', async (bench) => {
  const history = [
    { who: 'agent', text: 'Tea house, good day!' },
    { who: 'caller', text: 'Do you have green tea?' },
  ] as const;
  const session = await bench.open({ history });
  session.requestReply(7, 'resume', false);
  const { response } = (await bench.received('response.create')) as { response: { instructions: string } };
  assert.match(response.instructions, /were not answered yet/);
  await bench.event('reply-ended', { turn: 7 });
  const { items } = bench.service.session.conversation;
  assert.equal(
    items.slice(0, 2).map(({ role, text }) => `${role}: ${text}`),
    ['assistant: Tea house, good day!', 'user: Do you have green tea?'],
  );
});

test.run();
