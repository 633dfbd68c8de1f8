import { pcm16 } from '#talkpath/base/audio-format.js';
import { CallBench, FakeProvider } from './call-bench.js';

export const pcm = (ms: number): Uint8Array => new Uint8Array(ms * 16);
export const fallback = { text: 'Sorry.', pcm: pcm(500), rateHz: 8000 };
export const bridge = { text: 'One moment.', pcm: pcm(400), rateHz: 8000 };

/** A call with two providers, the second below the first. */
export async function ladder(options: Partial<ConstructorParameters<typeof CallBench>[0]> = {}) {
  const first = new FakeProvider('ours', 'first');
  const second = new FakeProvider('ours', 'second');
  const bench = new CallBench({ provider: first, others: [second], line: fallback, bridge, bridgeAfterMs: 1200, ...options });
  await bench.start();
  return { bench, first, second };
}

export const lost = (provider: FakeProvider): void =>
  provider.options?.on({ type: 'failed', code: 'TP_ERR_PROVIDER_LOST', message: 'gone', retryable: true });
export const says = (provider: FakeProvider, turn: number, text: string, ms: number): void => {
  provider.options?.on({ type: 'transcript', turn, who: 'agent', text, final: true });
  provider.options?.on({ type: 'reply-audio', turn, audio: pcm(ms), format: pcm16(8000) });
};
export const heardBy = (provider: FakeProvider): unknown => provider.options?.history;
