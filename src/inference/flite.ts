import { readFile } from 'node:fs/promises';
import type { Voice } from './voice.js';
import { MemoryWasi, WasiExit } from './wasi-memory.js';

const dataOffsetBytes = 44;

interface Run {
  readonly wasi: MemoryWasi;
  readonly start: () => void;
}

/** CMU Flite: robotic but clear, 30 times faster than speech. Its command line is run once for each text. */
export class Flite implements Voice {
  readonly rateHz = 16000;
  readonly #module: WebAssembly.Module;
  readonly #voice: string;
  #spare: Run | undefined;

  private constructor(module: WebAssembly.Module, voice: string) {
    this.#module = module;
    this.#voice = voice;
    this.#spare = this.#prepareRun();
  }

  /** @param voice one of those built into the module, all of them 16 kHz */
  static async load(path: string, voice: string): Promise<Flite> {
    return new Flite(await WebAssembly.compile(await readFile(path)), voice);
  }

  async synthesise(text: string): Promise<Float32Array> {
    const { wasi, start } = this.#spare ?? this.#prepareRun();
    this.#spare = undefined;
    wasi.args = ['flite', '-voice', this.#voice, '-t', text, '-o', '/speech.wav'];
    try {
      start();
    } catch (error) {
      if (!(error instanceof WasiExit) || error.exitCode !== 0) throw error;
    }
    setImmediate(() => {
      this.#spare ??= this.#prepareRun();
    });
    return samplesOf(wasi.output);
  }

  /** Filling a fresh memory takes as long as the synthesis: done between two texts, it costs the caller nothing. */
  #prepareRun(): Run {
    const wasi = new MemoryWasi();
    const instance = new WebAssembly.Instance(this.#module, { wasi_snapshot_preview1: wasi.imports });
    wasi.memory = instance.exports.memory as WebAssembly.Memory;
    return { wasi, start: instance.exports._start as () => void };
  }
}

function samplesOf(wav: Uint8Array): Float32Array {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const samples = new Float32Array(Math.max(0, (wav.byteLength - dataOffsetBytes) >> 1));
  for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(dataOffsetBytes + 2 * i, true) / 32768;
  return samples;
}
