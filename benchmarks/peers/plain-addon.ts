import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectFolder } from './packages.js';

/** The instruments of benchmarks/native/plain; there it says what each does. */
export interface PlainAddon {
  readonly PlainStage: new (name: string, rateHz: number, setting: number) => PlainStage;
  frameTransferNs(queue: string, count: number): number;
  frameAloneNs(queue: string, count: number): number;
  roundTripNs(queue: string, count: number): number;
  startBells(periodMs: number, callbacks: readonly ((rungMs: number) => void)[]): void;
  stopBells(): void;
  startTicks(periodMs: number): void;
  stopTicks(): Float64Array;
  threadCpuMs(): number;
  readonly compiler: string;
}

export interface PlainStage {
  process(block: Int16Array, farEnd: Int16Array | undefined, output: Int16Array): number;
  /** Nanoseconds. */
  time(samples: Int16Array, farEnd: Int16Array | undefined, output: Int16Array, blockSamples: number): number;
}

export const plain = createRequire(import.meta.url)(join(projectFolder, 'build/benchmarks-native/plain.node')) as PlainAddon;
