import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf } from '../base/errors.js';
import { cacheFolder } from '../models/cache-folder.js';
import type { SpeechModel } from '../models/catalogue.js';
import { type ModelStore, modelHash } from '../models/store.js';
import { openSttThread, openTtsThread } from './open-threads.js';
import type { Machine } from './tier.js';
import { voices } from './voices.js';

const exerciseSeconds = 3;
/** What people say in three seconds. */
const exerciseTokens = 14;
const exerciseText = 'Your order will arrive tomorrow morning.';
const repetitions = 3;

let hasWarned = false;

/** How long each model takes on this machine, as a part of how long its speech lasts; measured once, kept in the cache folder. */
export class SpeedRecord {
  readonly #path: string;

  constructor(folder: string = cacheFolder()) {
    this.#path = join(folder, 'speech-speeds.json');
  }

  /** Computing time divided by the speech's; undefined before it was measured, or when what is kept cannot be that. */
  async read(model: SpeechModel): Promise<number | undefined> {
    return (await this.#all())[keyOf(model)];
  }

  /** Runs the model on this machine for a few seconds and keeps the result. The model must be present. */
  async measure(model: SpeechModel, store: ModelStore): Promise<number> {
    const factor = model.purpose === 'stt' ? await measureStt(model, store) : await measureTts(model, store);
    await this.keep(model, factor);
    return factor;
  }

  /** Where nothing can be written the result is not kept, and a warning says so once a process. */
  async keep(model: SpeechModel, factor: number): Promise<void> {
    const draft = `${this.#path}.draft-${randomUUID()}`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      // A model that is too quick for three digits is kept as what they show least.
      const kept = Math.max(0.001, Number(factor.toFixed(3)));
      await writeFile(draft, `${JSON.stringify({ ...(await this.#all()), [keyOf(model)]: kept }, null, 2)}\n`);
      await rename(draft, this.#path);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      if (!hasWarned) process.emitWarning(`How fast the speech models run cannot be kept, and is measured at each start: ${messageOf(error)}`);
      hasWarned = true;
    }
  }

  async #all(): Promise<Record<string, number>> {
    try {
      const kept = Object.entries(JSON.parse(await readFile(this.#path, 'utf8')) as Record<string, unknown>);
      return Object.fromEntries(kept.filter((entry): entry is [string, number] => isFactor(entry[1])));
    } catch {
      return {};
    }
  }
}

const isFactor = (value: unknown): value is number => typeof value === 'number' && value > 0 && Number.isFinite(value);

/** The machine that this runs on, as the choice of a tier sees it. */
export function thisMachine(store: ModelStore, speeds: SpeedRecord = new SpeedRecord()): Machine {
  return {
    cores: availableParallelism(),
    isPresent: (model) => store.isPresent(model),
    speedOf: async (model) => (await speeds.read(model)) ?? (await speeds.measure(model, store)),
  };
}

/** A model's speed holds for this processor, this Node and these weights. */
function keyOf(model: SpeechModel): string {
  const machine = [cpus()[0]?.model, cpus().length, arch(), process.versions.node].join('|');
  return `${model.name}-${modelHash(model)}-${createHash('sha256').update(machine).digest('hex').slice(0, 16)}`;
}

async function measureStt(model: SpeechModel, store: ModelStore): Promise<number> {
  const thread = await openSttThread(store, model.tier);
  try {
    return await medianOf(async () => {
      const { computeMs } = await thread.request({ type: 'exercise', seconds: exerciseSeconds, tokens: exerciseTokens });
      return computeMs / (exerciseSeconds * 1000);
    });
  } finally {
    await thread.close();
  }
}

async function measureTts(model: SpeechModel, store: ModelStore): Promise<number> {
  const thread = await openTtsThread(store, model.tier, voices[model.tier][0]);
  try {
    return await medianOf(async () => {
      const { pcm, rateHz, computeMs } = await thread.request({ text: exerciseText, pauseMs: 0 });
      return computeMs / ((pcm.byteLength / 2 / rateHz) * 1000);
    });
  } finally {
    await thread.close();
  }
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const results: number[] = [];
  for (let i = 0; i < repetitions; i += 1) results.push(await measure());
  return results.sort((a, b) => a - b)[Math.floor(repetitions / 2)] as number;
}
