import { TalkpathError } from '../base/errors.js';
import { type Model, modelFor, type SpeechModel, type Tier } from '../models/catalogue.js';
import { onnxRuntime } from '../models/onnx-runtime.js';
import type { ModelStore } from '../models/store.js';
import { InferenceThread } from './inference-thread.js';
import type { MoonshineShape } from './moonshine.js';
import { isRuntimeInstalled } from './onnxruntime.js';
import type { SttRequest, SttResponse, SttThreadData } from './stt-messages.js';
import type { TtsRequest, TtsResponse, TtsThreadData } from './tts-messages.js';

export type SttThread = InferenceThread<SttRequest, SttResponse>;
export type TtsThread = InferenceThread<TtsRequest, TtsResponse>;

const moonshineShapes: Record<Tier, MoonshineShape> = {
  light: { layers: 6, heads: 8, headSize: 36 },
  neural: { layers: 8, heads: 8, headSize: 52 },
};

/** Starts the speech-to-text thread. Rejects with TP_ERR_MODEL_MISSING or TP_ERR_MODEL_RUN. */
export async function openSttThread(store: ModelStore, tier: Tier): Promise<SttThread> {
  const model = presentModel(store, modelFor('stt', tier));
  const data: SttThreadData = {
    runtimeFolder: runtimeFolder(store),
    files: { encoder: store.pathOf(model, 'encoder.onnx'), decoder: store.pathOf(model, 'decoder.onnx') },
    shape: moonshineShapes[tier],
  };
  return InferenceThread.start({ name: 'speech to text', entry: new URL('stt-thread.js', import.meta.url), data });
}

/** Starts the text-to-speech thread with a voice of the tier. Rejects with TP_ERR_MODEL_MISSING or TP_ERR_MODEL_RUN. */
export async function openTtsThread(store: ModelStore, tier: Tier, voice: string): Promise<TtsThread> {
  const model = presentModel(store, modelFor('tts', tier));
  const data: TtsThreadData =
    tier === 'light'
      ? { type: 'flite', module: store.pathOf(model, 'flite.wasm'), voice }
      : {
          type: 'kokoro',
          runtimeFolder: runtimeFolder(store),
          files: {
            model: store.pathOf(model, 'model.onnx'),
            tokenizer: store.pathOf(model, 'tokenizer.json'),
            voice: store.pathOf(model, `voices/${voice}.bin`),
          },
        };
  return InferenceThread.start({ name: 'text to speech', entry: new URL('tts-thread.js', import.meta.url), data });
}

function presentModel(store: ModelStore, model: SpeechModel): SpeechModel {
  if (store.isPresent(model)) return model;
  throw missing(model, `${model.purpose}, tier ${model.tier}`);
}

function runtimeFolder(store: ModelStore): string {
  if (!isRuntimeInstalled() && !store.isPresent(onnxRuntime)) throw missing(onnxRuntime, 'runs the models');
  return store.folderOf(onnxRuntime);
}

function missing(model: Model, what: string): TalkpathError {
  return new TalkpathError('TP_ERR_MODEL_MISSING', `The model ${model.name} (${what}) is not on this machine`);
}
