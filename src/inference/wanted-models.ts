import { type Model, modelFor, type Purpose } from '../models/catalogue.js';
import { onnxRuntime } from '../models/onnx-runtime.js';
import type { FetchProgress, ModelStore } from '../models/store.js';
import { isRuntimeInstalled } from './onnxruntime.js';
import { chooseTier, type Machine, mayBeNeural, type TierChoice, type TierSetting } from './tier.js';

export interface FetchReport {
  progress(model: Model, progress: FetchProgress): void;
  fetched(model: Model): void;
  measuring(model: Model): void;
  chosen(purpose: Purpose, choice: TierChoice): void;
}

/**
 * Fetches what a machine with that setting will ask for, and nothing else: with `auto`, the neural models that may suit
 * this machine, each measured, and the light one where it does not. Throws TP_ERR_MODEL_FETCH.
 */
export async function fetchWanted(setting: TierSetting, store: ModelStore, machine: Machine, report: FetchReport): Promise<void> {
  if (!isRuntimeInstalled()) await fetchOne(onnxRuntime, store, report);
  for (const purpose of ['stt', 'tts'] as const) {
    if (setting === 'auto' && mayBeNeural(purpose, machine.cores)) {
      const neural = modelFor(purpose, 'neural');
      await fetchOne(neural, store, report);
      report.measuring(neural);
    }
    const choice = await chooseTier(purpose, setting, machine);
    await fetchOne(modelFor(purpose, choice.tier), store, report);
    report.chosen(purpose, choice);
  }
}

async function fetchOne(model: Model, store: ModelStore, report: FetchReport): Promise<void> {
  if (store.isPresent(model)) return;
  await store.fetch(model, (progress) => report.progress(model, progress));
  report.fetched(model);
}
