import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { addressOf } from '#talkpath/providers/openai-realtime/connection.js';
import { checked, mulaw } from './bench.js';

const check = checked(test);
const never = new AbortController().signal;

/** The error that something rejects with. */
async function errorOf(attempt: Promise<unknown> | undefined): Promise<{ code: string; message: string; isRetryable: boolean }> {
  try {
    await attempt;
  } catch (error) {
    return error as { code: string; message: string; isRetryable: boolean };
  }
  throw new Error('it was accepted');
}

check('it takes and gives what a telephone has, and what the model has', async (bench) => {
  const { name, abilities } = bench.provider();
  assert.is(name, 'test');
  const formats = [mulaw, { encoding: 'alaw', rateHz: 8000 }, pcm16(24_000)];
  assert.equal(abilities, { inputs: formats, outputs: formats, turnTaking: 'own' });
});

test('the address may have a path of its own, and a slash at its end', () => {
  assert.is(addressOf({ url: 'https://api.openai.com/v1' }, 'realtime').href, 'https://api.openai.com/v1/realtime');
  assert.is(addressOf({ url: 'http://127.0.0.1:8000/a/v1//' }, 'realtime').href, 'http://127.0.0.1:8000/a/v1/realtime');
  assert.is(addressOf({ url: 'https://host/v1?version=2' }, 'models/x').href, 'https://host/v1/models/x?version=2');
});

check('a service that has the model is there', async (bench) => {
  await bench.provider().probe?.(never);
});

check('a key that is refused shows without a call', async (bench) => {
  const refused = '{"error":{"type":"invalid_request_error","code":"invalid_api_key"}}';
  bench.violations = [`GET /v1/models/gpt-realtime was refused with status 401: ${refused}`];
  const error = await errorOf(bench.provider({ api_key: 'sk-wrong' }).probe?.(never));
  assert.equal([error.code, error.isRetryable], ['TP_ERR_PROVIDER_REFUSED', false]);
  assert.not.match(error.message, /sk-/);
});

check('a model that is not there shows without a call', async (bench) => {
  const error = await errorOf(bench.provider({ model: 'gpt-nothing' }).probe?.(never));
  assert.is(error.code, 'TP_ERR_PROVIDER_REQUEST');
});

check('a service that is busy, or not there, shows without a call', async (bench) => {
  bench.service.fault = { type: 'status', status: 429 };
  assert.is((await errorOf(bench.provider().probe?.(never))).code, 'TP_ERR_PROVIDER_BUSY');
  bench.service.fault = { type: 'refuse' };
  assert.is((await errorOf(bench.provider().probe?.(never))).code, 'TP_ERR_PROVIDER_CONNECT');
});

check('a service that does not answer is asked for no longer than is wanted', async (bench) => {
  bench.service.fault = { type: 'hang' };
  assert.is((await errorOf(bench.provider().probe?.(AbortSignal.timeout(50)))).code, 'TP_ERR_PROVIDER_TIMEOUT');
});

test.run();
