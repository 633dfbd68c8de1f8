import { readUtterances, trainingSpeakers } from '#corpus/recordings.js';
import { toCorpusRate } from '#corpus/sound.js';
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
 * What everybody says from whom a detector may learn, a list each: none of them is among those it is tested on.
 * @param {string} training the folder with the unpacked recordings to train on
 */
export async function speakersToLearnFrom(training) {
  const recorded = trainingSpeakers.map((speaker) => readUtterances(training, [speaker]));
  return [...Array.from({ length: recordedToSynthetic }, () => recorded).flat(), ...(await syntheticSpeakers())];
}
