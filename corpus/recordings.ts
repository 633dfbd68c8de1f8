import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { blockSamples, readSound, type Sound } from './sound.js';
import { blocksOf, runsOf, truth, type Utterance, utterancesOf } from './utterances.js';

/** Who speaks in which of the packaged recordings; a folder stands for all that lies below it. */
interface Speaker {
  readonly name: string;
  readonly files: readonly string[];
  readonly rawRateHz?: number;
}

const codec2 = (...names: readonly string[]): string[] => names.map((name) => `usr/share/codec2/${name}`);
const sphinx = (...names: readonly string[]): string[] => names.map((name) => `usr/share/pocketsphinx/test/data/${name}`);
const prompts = (voice: string): string[] => [`usr/share/asterisk/sounds/${voice}`];

/** English, American and British, women and men: nobody of them is among those that the detector learned from. */
export const testSpeakers: readonly Speaker[] = [
  { name: 'allison', files: prompts('en_US_f_Allison') },
  { name: 'hts', files: codec2('raw/hts1.raw', 'raw/hts2.raw') },
  { name: 'big_dog', files: codec2('wav/big_dog.wav') },
  { name: 'codec2-f', files: codec2('wav/f2400.wav', 'wav/forig.wav') },
  { name: 'codec2-m', files: codec2('wav/m2400.wav', 'wav/morig.wav') },
  { name: 'kristoff', files: codec2('raw/kristoff.raw') },
  { name: 'cq', files: codec2('raw/cq_ref.raw') },
  { name: 'g3plx', files: codec2('raw/g3plx.raw') },
  { name: 'cross', files: codec2('raw/cross.raw') },
  { name: 'wia', files: codec2('wav/wia_16kHz.wav') },
  { name: 'vk5qi', files: codec2('wav/vk5qi.wav') },
  { name: 'librivox', files: sphinx('librivox') },
  { name: 'cards', files: sphinx('cards') },
  { name: 'sphinx-commands', files: sphinx('goforward.raw', 'something.raw', 'numbers.raw'), rawRateHz: 16000 },
  { name: 'tidigits', files: sphinx('tidigits/dhd.2934z.raw'), rawRateHz: 16000 },
];

/** French, Italian and Russian, of licences that let others build on them. */
export const trainingSpeakers: readonly Speaker[] = ['fr_CA_f_June', 'it_IT_m_Carlo', 'ru_RU_f_IvrvoiceRU', 'it_IT_f_Menardi'].map((voice) => ({
  name: voice,
  files: prompts(voice),
}));

/** Tones and silence among the prompts. */
const notSpeech = /beep|tone|silence|monkeys\.wav|moo|lots-o-monkeys|ascending|descending/;
const audioFile = /\.(wav|raw)$/;

function audioBelow(folder: string, path: string): string[] {
  if (audioFile.test(path)) return [join(folder, path)];
  return readdirSync(join(folder, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => audioFile.test(name) && !notSpeech.test(name))
    .sort()
    .map((name) => join(folder, path, name));
}

/** All that the speakers say, utterance by utterance. `folder` is where the packages were unpacked. */
export function readUtterances(folder: string, speakers: readonly Speaker[]): Utterance[] {
  return speakers.flatMap(({ name, files, rawRateHz }) =>
    files.flatMap((path) => audioBelow(folder, path)).flatMap((file) => utterancesOf(name, readSound(file, rawRateHz))),
  );
}

const musicFolder = 'usr/share/asterisk/moh';
export const testMusic = ['manolo_camp-morning_coffee.wav', 'reno_project-system.wav'];
export const trainingMusic = ['macroform-cold_day.wav', 'macroform-robot_dity.wav', 'macroform-the_simplicity.wav'];

export const readMusic = (folder: string, names: readonly string[]): Sound[] => names.map((name) => readSound(join(folder, musicFolder, name)));

/** A truck, and the rooms and radios of people who pause: what lies between the words of noisy recordings. */
export function readRecordedNoise(folder: string): Sound[] {
  return codec2('wav/mmt1.wav', 'wav/ve9qrp.wav', 'wav/vk5qi.wav').map((path) => {
    const sound = readSound(join(folder, path));
    const pauses = runsOf(blocksOf(sound), truth.silence).filter(({ from, to }) => to - from >= 8);
    return crossFaded(pauses.map(({ from, to }) => sound.subarray((from + 1) * blockSamples, (to - 1) * blockSamples)));
  });
}

function crossFaded(pieces: readonly Sound[]): Sound {
  const fade = 160;
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length - fade, fade));
  let at = 0;
  for (const piece of pieces) {
    piece.forEach((sample, i) => {
      whole[at + i] = (whole[at + i] ?? 0) + sample * Math.min(1, i / fade, (piece.length - i) / fade);
    });
    at += piece.length - fade;
  }
  return whole;
}
