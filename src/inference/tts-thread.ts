/** Composition root of the text-to-speech thread: one voice, for all calls. */
import { systemClock } from '../base/clock.js';
import { Flite } from './flite.js';
import { Kokoro } from './kokoro.js';
import { loadOnnxRuntime } from './onnxruntime.js';
import { serveRequests } from './serve-requests.js';
import { gainFor, toPcm, trimmed } from './speech-level.js';
import type { TtsRequest, TtsResponse, TtsThreadData } from './tts-messages.js';
import type { Voice } from './voice.js';

/** Spoken once to warm the model up and to learn how loud the voice is. */
const calibrationText = 'How can I help you?';

function loadVoice(data: TtsThreadData): Promise<Voice> {
  return data.type === 'flite' ? Flite.load(data.module, data.voice) : Kokoro.load(loadOnnxRuntime(data.runtimeFolder), data.files);
}

await serveRequests<TtsThreadData, TtsRequest, TtsResponse>(async (data) => {
  const voice = await loadVoice(data);
  const gain = gainFor(await voice.synthesise(calibrationText), voice.rateHz);

  return async ({ text, pauseMs }) => {
    const startedMs = systemClock.nowMs();
    const pcm = toPcm(trimmed(await voice.synthesise(text), voice.rateHz, pauseMs), gain);
    return { response: { pcm, rateHz: voice.rateHz, computeMs: systemClock.nowMs() - startedMs }, transfer: [pcm.buffer] };
  };
});
