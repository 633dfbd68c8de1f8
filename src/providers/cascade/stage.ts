import { TalkpathError } from '../../base/errors.js';

export type Stage = 'speech to text' | 'language model' | 'text to speech' | 'speech';

/** What `work` of a stage returns. Throws what stageError() makes of its error. */
export function during<T>(stage: Stage, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw stageError(stage, error);
  }
}

/** The same for what comes bit by bit. */
export async function* eachOf<T>(stage: Stage, open: () => AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* open();
  } catch (error) {
    throw stageError(stage, error);
  }
}

/**
 * The error as it may go to the log. A message that is not ours may repeat what was said, and TP_ERR_MODEL_RUN carries
 * that of a model: of them only the kind and the code are told.
 */
export function stageError(stage: Stage, thrown: unknown): TalkpathError {
  if (thrown instanceof TalkpathError && thrown.code !== 'TP_ERR_MODEL_RUN') return thrown;
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  const code = String((thrown as { code?: unknown } | undefined)?.code ?? '');
  const shown = /^[A-Z][A-Z0-9_]*$/.test(code) ? ` (${code})` : '';
  return new TalkpathError(thrown instanceof TalkpathError ? thrown.code : 'TP_ERR_PROVIDER_CONNECT', `The ${stage} failed with ${kind}${shown}`);
}
