/** Composition root of the speech-to-text thread: one recogniser, for all calls. */
import { systemClock } from '../base/clock.js';
import { Moonshine, moonshineRateHz } from './moonshine.js';
import { loadOnnxRuntime } from './onnxruntime.js';
import { serveRequests } from './serve-requests.js';
import { speechWindow } from './speech-window.js';
import type { SttRequest, SttResponse, SttThreadData } from './stt-messages.js';

await serveRequests<SttThreadData, SttRequest, SttResponse>(async (data) => {
  const moonshine = await Moonshine.load(loadOnnxRuntime(data.runtimeFolder), data.files, data.shape);
  // The first run allocates, and takes several times as long.
  await moonshine.exercise(new Float32Array(moonshineRateHz), 2);

  const textOf = async (request: SttRequest): Promise<string> => {
    if (request.type === 'recognise') {
      const speech = speechWindow(request.pcm);
      return speech ? await moonshine.recognise(speech) : '';
    }
    await moonshine.exercise(new Float32Array(request.seconds * moonshineRateHz), request.tokens);
    return '';
  };

  return async (request) => {
    const startedMs = systemClock.nowMs();
    const text = await textOf(request);
    return { response: { text, computeMs: systemClock.nowMs() - startedMs } };
  };
});
