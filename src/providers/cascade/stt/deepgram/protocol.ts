import type { Deepgram } from '@deepgram/sdk';
import type { AudioFormat } from '../../../../base/audio-format.js';
import type { SttSettings } from '../../../../config/providers.js';
import { parseMessage, textOf } from '../../../network/json-message.js';
import { ProviderError } from '../../../network/provider-error.js';
import { socketBase } from '../../../network/web-socket.js';
import { flagOf, numberOf, objectOf, objectsOf } from '../field-checks.js';
import { hangoverMs, type Result, type TimedWord } from '../heard-words.js';

/** Deepgram's live transcription, "listen v1". */
export const who = 'deepgram';

export const finalize: Deepgram.listen.ListenV1Finalize = { type: 'Finalize' };
export const keepAlive: Deepgram.listen.ListenV1KeepAlive = { type: 'KeepAlive' };
export const closeStream: Deepgram.listen.ListenV1CloseStream = { type: 'CloseStream' };

/** The answer to Finalize holds all that was sent before it, however its end is rounded. */
const flushMs = 500;

/** How Deepgram calls our formats, in both of its protocols. */
export const encodingNames = { pcm16: 'linear16', mulaw: 'mulaw', alaw: 'alaw' } as const satisfies Record<
  AudioFormat['encoding'],
  Deepgram.ListenV1Encoding & Deepgram.ListenV2Encoding
>;

/** A WebSocket address below the service's HTTP address. */
export function socketUrl(base: string, path: string, query: Readonly<Record<string, string>>): string {
  return `${socketBase(base)}${path}?${new URLSearchParams(query)}`;
}

export function listenUrl({ url, model }: SttSettings<'deepgram'>, { encoding, rateHz }: AudioFormat, language: string | undefined): string {
  return socketUrl(url, '/v1/listen', {
    model,
    encoding: encodingNames[encoding],
    sample_rate: String(rateHz),
    channels: '1',
    interim_results: 'true',
    punctuate: 'true',
    smart_format: 'true',
    ...(language !== undefined && { language }),
  });
}

/** A result, or undefined for a message that says nothing of words. Throws a ProviderError. */
export function parseListenMessage(text: string): Result | undefined {
  const message = parseMessage<Record<string, unknown>>(who, text);
  const type = textOf(who, 'type', message.type);
  if (type === 'Error') throw new ProviderError('TP_ERR_PROVIDER_LOST', `${who} gave up the session with an error of its own`);
  if (type !== 'Results') return undefined;
  const startMs = 1000 * numberOf(who, 'start', message.start);
  const [best] = objectsOf(who, 'channel.alternatives', objectOf(who, 'channel', message.channel).alternatives);
  return {
    text: best === undefined ? '' : textOf(who, 'transcript', best.transcript),
    words: best === undefined ? [] : objectsOf(who, 'words', best.words).map(timedWord),
    fromMs: startMs,
    toMs: startMs + 1000 * numberOf(who, 'duration', message.duration),
    isFinal: flagOf(who, 'is_final', message.is_final),
    quietMs: flagOf(who, 'from_finalize', message.from_finalize) ? flushMs : flagOf(who, 'speech_final', message.speech_final) ? hangoverMs : 0,
  };
}

function timedWord({ word, punctuated_word: punctuated, start, end }: Record<string, unknown>): TimedWord {
  return {
    text: textOf(who, 'word', punctuated ?? word),
    fromMs: 1000 * numberOf(who, 'start of a word', start),
    toMs: 1000 * numberOf(who, 'end of a word', end),
  };
}
