import { type AudioFormat, pcm16 } from '../../../base/audio-format.js';
import type { Clock } from '../../../base/clock.js';
import { standardLimits, type TtsSettings } from '../../../config/providers.js';
import { DeepgramVoice } from './deepgram/session.js';
import type { SpeechLimits } from './service-speech.js';
import { socketTts } from './socket-voices.js';
import type { TextToSpeech } from './tts.js';

const outputs: readonly [AudioFormat, ...AudioFormat[]] = [
  { encoding: 'mulaw', rateHz: 8000 },
  { encoding: 'alaw', rateHz: 8000 },
  pcm16(8000),
  pcm16(16_000),
  pcm16(24_000),
];

/** Text to speech by Deepgram: one WebSocket a call. */
export function createDeepgramTts(settings: TtsSettings<'deepgram'>, clock: Clock, limits: SpeechLimits = standardLimits): TextToSpeech {
  return socketTts(outputs, (options) => new DeepgramVoice(settings, options, clock, limits.connect_ms), clock, limits);
}
