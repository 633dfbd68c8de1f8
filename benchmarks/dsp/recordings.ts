import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resampler } from '#talkpath/dsp.js';
import { projectFolder } from '../peers/packages.js';
import { joined } from './measure/signal.js';

/** The folder of the recordings that setup fetches. */
export function recordingsFolder(): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectFolder, 'scripts/test/fetch.mjs'), 'speech'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The recordings could not be fetched: ${stderr}`);
  return stdout.trim();
}

const agentFiles = ['demo-congrats', 'demo-instruct', 'demo-moreinfo'].map((name) => `usr/share/asterisk/sounds/en_US_f_Allison/${name}.wav`);
const callerFiles = ['0870', '0880'].map((number) => `usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-${number}.wav`);

/** A woman who reads prompts, and a man who reads a novel, at 8 kHz. */
export function agentAndCaller(folder: string): { agent: Int16Array; caller: Int16Array } {
  const read = (files: readonly string[]): Int16Array => joined(files.map((file) => readAt8kHz(join(folder, file))));
  return { agent: read(agentFiles), caller: read(callerFiles) };
}

function readAt8kHz(path: string): Int16Array {
  const file = readFileSync(path);
  const data = file.indexOf('data', 12, 'latin1');
  const rateHz = file.readUInt32LE(24);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || data < 0 || file.readUInt16LE(22) !== 1 || file.readUInt16LE(34) !== 16) {
    throw new Error(`${path} is no mono WAV file of 16 bits`);
  }
  const bytes = file.subarray(data + 8, data + 8 + file.readUInt32LE(data + 4));
  const samples = Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(2 * i));
  return rateHz === 8000 ? samples : new Resampler({ inputRateHz: rateHz, outputRateHz: 8000 }).process(samples);
}
