import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { echoCalls } from '#corpus/echo-set.js';
import { readMusic, trainingMusic } from '#corpus/recordings.js';
import { speakersToLearnFrom } from '../speakers.mjs';

/**
 * Writes far.pcm, near.pcm and truth.u8 into `folder`: both ends of calls of `callMs`, one after another, and when the caller speaks.
 * @param {{ folder: string, training: string, music: string, calls: number, callMs: number, seed: number, progress: (detail: string) => void }} options
 *   `training` and `music`: folders with the unpacked recordings to train on, and of music on hold
 */
export async function composeEchoCalls({ folder, training, music, calls, callMs, seed, progress }) {
  progress('reading what people say');
  const speakers = await speakersToLearnFrom(training);
  const sources = { utterances: [...new Set(speakers)].flat(), music: readMusic(music, trainingMusic), recorded: [] };
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
