import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readMusic, trainingMusic } from '#corpus/recordings.js';
import { rateHz, readSound } from '#corpus/sound.js';
import { musicalCalls, trainingCalls } from '#corpus/training-set.js';
import { run } from '../../setup/process.mjs';
import { speakersToLearnFrom } from '../speakers.mjs';

/** Of each piece of music. */
const mostMusicSeconds = 180;

/** Ogg Vorbis below `from`, by Debian's oggdec. */
async function decodedMusic(from, folder) {
  mkdirSync(folder, { recursive: true });
  const pieces = [];
  for (const [i, name] of readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ogg'))
    .sort()
    .entries()) {
    const wav = join(folder, `${i}.wav`);
    await run('oggdec', ['-Q', '-o', wav, join(from, name)]);
    pieces.push(readSound(wav).slice(0, mostMusicSeconds * rateHz));
  }
  return pieces;
}

/**
 * Writes calls.pcm, truth.u8, blocks.u32 and stages.u8 into `folder`: `calls` of every kind, and a quarter as many
 * on which music plays.
 * @param {{ folder: string, training: string, music: string, calls: number, seed: number, progress: (detail: string) => void }} options
 *   `training` and `music`: folders with the unpacked recordings to train on, and of music on hold
 */
export async function composeTrainingCalls({ folder, training, music, calls, seed, progress }) {
  progress('reading what people say');
  const speakers = await speakersToLearnFrom(training);
  const sources = { utterances: [...new Set(speakers)].flat(), music: readMusic(music, trainingMusic), recorded: [] };
  progress('reading music');
  const more = await decodedMusic(join(training, 'usr/share/games/singularity/music'), join(folder, 'music'));
  const samples = openSync(join(folder, 'calls.pcm'), 'w');
  const truth = openSync(join(folder, 'truth.u8'), 'w');
  const blocks = [];
  const write = (made) => {
    for (const call of made) {
      writeSync(samples, new Uint8Array(call.samples.buffer));
      writeSync(truth, call.blocks);
      blocks.push(call.blocks.length);
      if (blocks.length % 20 === 0) progress(`call ${blocks.length}`);
    }
  };
  write(trainingCalls(sources, speakers, calls, seed));
  write(musicalCalls({ ...sources, music: [...sources.music, ...more] }, speakers, Math.floor(calls / 4), seed + 1));
  closeSync(samples);
  closeSync(truth);
  writeFileSync(join(folder, 'blocks.u32'), new Uint8Array(Uint32Array.from(blocks).buffer));
  // Half of them as they come, half behind the high-pass and the noise suppression of the telephony profile.
  writeFileSync(
    join(folder, 'stages.u8'),
    Uint8Array.from(blocks, (_, i) => i % 2),
  );
}
