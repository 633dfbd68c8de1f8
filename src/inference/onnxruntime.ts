import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { messageOf, TalkpathError } from '../base/errors.js';

export type OnnxRuntime = typeof import('onnxruntime-node');

/** Whether npm installed the runtime with talkpath. */
export function isRuntimeInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads the CPU inference runtime: the one that npm installed, else the one fetched to `fallbackFolder`.
 * Thread: inference alone, because every run blocks the thread that asks for it.
 */
export function loadOnnxRuntime(fallbackFolder: string): OnnxRuntime {
  const from = isRuntimeInstalled() ? import.meta.url : join(fallbackFolder, 'index.js');
  try {
    return createRequire(from)('onnxruntime-node') as OnnxRuntime;
  } catch (error) {
    throw new TalkpathError('TP_ERR_MODEL_RUN', `The inference runtime could not be loaded: ${messageOf(error)}`, { cause: error });
  }
}

/** One thread is as quick as two for these models, and leaves the other cores to the calls. */
export const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableMemPattern: false,
};
