import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { modelFor } from '#talkpath/models/catalogue.js';
import { ModelStore } from '#talkpath/models/store.js';
import { readWav, type Sound } from './wav.js';

/** What is used of it here: TypeScript knows it only together with a browser's whole world. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<object>;
};

/** Voices of Flite, the speech synthesiser that talkpath's light tier has too. */
export type CallerVoice = 'rms' | 'slt' | 'awb';

/** Speaks a caller's sentence at 16 kHz, pauses at its ends cut off. Fetches the synthesiser when it is not there. */
export async function spoken(text: string, voice: CallerVoice = 'rms'): Promise<Sound> {
  const store = new ModelStore();
  const model = modelFor('tts', 'light');
  await store.fetch(model);
  const module = await WebAssembly.compile(readFileSync(store.pathOf(model, 'flite.wasm')));
  const folder = mkdtempSync(join(tmpdir(), 'talkpath-spoken-'));
  try {
    const args = ['flite', '-voice', voice, '-t', text, '-o', '/out/speech.wav'];
    const wasi = new WASI({ version: 'preview1', args, preopens: { '/out': folder }, returnOnExit: true });
    wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
    return trimmed(readWav(join(folder, 'speech.wav')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function trimmed({ samples, rateHz }: Sound): Sound {
  const audible = (sample: number): boolean => Math.abs(sample) > 300;
  const from = samples.findIndex(audible);
  const to = samples.findLastIndex(audible);
  return { rateHz, samples: samples.subarray(Math.max(0, from), to + 1) };
}
