import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { usageOfResponse, usageOfTranscription } from '#talkpath/providers/openai-realtime/usage.js';

test('cached tokens are taken out of the input, each kind of its own', () => {
  const usage = usageOfResponse({
    input_tokens: 300,
    input_token_details: {
      text_tokens: 200,
      audio_tokens: 100,
      cached_tokens: 130,
      cached_tokens_details: { text_tokens: 120, audio_tokens: 10 },
    },
    output_token_details: { text_tokens: 30, audio_tokens: 90 },
  });
  assert.equal(usage, {
    input_text_tokens: 80,
    input_audio_tokens: 90,
    cached_text_tokens: 120,
    cached_audio_tokens: 10,
    output_text_tokens: 30,
    output_audio_tokens: 90,
  });
});

test('a bill that cannot be read counts nothing, and fails nothing', () => {
  for (const usage of [undefined, null, 7, 'x', [], {}, { input_token_details: null }, { input_token_details: { text_tokens: 'many' } }]) {
    assert.equal(usageOfResponse(usage), {});
    assert.equal(usageOfTranscription(usage), {});
  }
  assert.equal(usageOfResponse({ output_token_details: { text_tokens: -3, audio_tokens: Number.POSITIVE_INFINITY } }), {});
});

test('more cached than there was is no credit', () => {
  assert.equal(usageOfResponse({ input_token_details: { text_tokens: 5, cached_tokens_details: { text_tokens: 9 } } }), { cached_text_tokens: 9 });
});

test('recognition is charged by tokens or by time', () => {
  assert.equal(usageOfTranscription({ type: 'tokens', total_tokens: 24, input_tokens: 16 }), { stt_tokens: 24 });
  assert.equal(usageOfTranscription({ type: 'duration', seconds: 3.2 }), { stt_seconds: 3.2 });
});

test.run();
