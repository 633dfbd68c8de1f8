import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { echoCalls } from '#corpus/echo-set.js';

/**
 * Writes far.pcm, near.pcm and truth.u8 into `folder`: calls of `callMs` one after another.
 * @param {{ folder: string, speakers: readonly (readonly import('#corpus/utterances.js').Utterance[])[], sources: import('#corpus/call.js').Sources,
 *   calls: number, callMs: number, seed: number, progress: (detail: string) => void }} options
 */
export function composeEchoCalls({ folder, speakers, sources, calls, callMs, seed, progress }) {
  const [far, near, truth] = ['far.pcm', 'near.pcm', 'truth.u8'].map((name) => openSync(join(folder, name), 'w'));
  let made = 0;
  for (const call of echoCalls(sources, speakers, { count: calls, seed, callMs })) {
    writeSync(far, new Uint8Array(call.farEnd.buffer));
    writeSync(near, new Uint8Array(call.nearEnd.buffer));
    writeSync(truth, call.blocks);
    if (++made % 20 === 0) progress(`call ${made}`);
  }
  for (const file of [far, near, truth]) closeSync(file);
}
