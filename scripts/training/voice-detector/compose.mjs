import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readMusic, readUtterances, trainingMusic, trainingSpeakers } from '#corpus/recordings.js';
import { toCorpusRate } from '#corpus/sound.js';
import { trainingCalls } from '#corpus/training-set.js';
import { utterancesOf } from '#corpus/utterances.js';
import { Flite } from '#talkpath/inference/flite.js';
import { voices } from '#talkpath/inference/voices.js';
import { modelFor } from '#talkpath/models/catalogue.js';
import { ModelStore } from '#talkpath/models/store.js';
import { latin } from './latin.mjs';

/** A recorded speaker is picked so many times as often as a synthetic one. */
const recordedToSynthetic = 3;

/** Utterances of flite's voices, a list each. */
async function syntheticSpeakers() {
  const model = modelFor('tts', 'light');
  const store = new ModelStore();
  await store.fetch(model);
  const speakers = [];
  for (const voice of voices.light) {
    const flite = await Flite.load(store.pathOf(model, 'flite.wasm'), voice);
    const utterances = [];
    for (const text of latin) utterances.push(...utterancesOf(voice, toCorpusRate(await flite.synthesise(text), flite.rateHz)));
    speakers.push(utterances);
  }
  return speakers;
}

/**
 * Writes calls.pcm, truth.u8, blocks.u32 and stages.u8 into `folder`.
 * @param {{ folder: string, training: string, music: string, calls: number, seed: number, progress: (detail: string) => void }} options
 *   `training` and `music`: folders with the unpacked recordings of people and of music
 */
export async function composeTrainingCalls({ folder, training, music, calls, seed, progress }) {
  const recorded = trainingSpeakers.map((speaker) => readUtterances(training, [speaker]));
  const speakers = [...Array.from({ length: recordedToSynthetic }, () => recorded).flat(), ...(await syntheticSpeakers())];
  const sources = { utterances: [...new Set(speakers)].flat(), music: readMusic(music, trainingMusic), recorded: [] };
  const samples = openSync(join(folder, 'calls.pcm'), 'w');
  const truth = openSync(join(folder, 'truth.u8'), 'w');
  const blocks = [];
  for (const call of trainingCalls(sources, speakers, calls, seed)) {
    writeSync(samples, new Uint8Array(call.samples.buffer));
    writeSync(truth, call.blocks);
    blocks.push(call.blocks.length);
    if (blocks.length % 20 === 0) progress(`call ${blocks.length} of ${calls}`);
  }
  closeSync(samples);
  closeSync(truth);
  writeFileSync(join(folder, 'blocks.u32'), new Uint8Array(Uint32Array.from(blocks).buffer));
  // Half of them as they come, half behind the noise suppression of the telephony profile.
  writeFileSync(
    join(folder, 'stages.u8'),
    Uint8Array.from(blocks, (_, i) => i % 2),
  );
}
