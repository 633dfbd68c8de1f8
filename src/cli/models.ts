import { Command, Option } from 'commander';
import pc from 'picocolors';
import { TalkpathError } from '../base/errors.js';
import { speakWhole } from '../base/spoken-audio.js';
import { ensureWritable } from '../caller/output-file.js';
import { writeWav } from '../caller/wav.js';
import { SpeedRecord, thisMachine } from '../inference/speed.js';
import { type TierSetting, tierSettings } from '../inference/tier.js';
import { fetchWanted } from '../inference/wanted-models.js';
import { diskBytes, fetchBytes, speechModels } from '../models/catalogue.js';
import { onnxRuntime } from '../models/onnx-runtime.js';
import { ModelStore } from '../models/store.js';
import { createLocalTts } from '../providers/cascade/tts/local.js';
import { ProgressLine } from './progress-line.js';

const purposes = { stt: 'speech to text', tts: 'text to speech' } as const;

/** `talkpath models`: the speech models of this machine. */
export function modelsCommand(): Command {
  const tier = (): Option => new Option('--tier <tier>', 'which models').choices([...tierSettings, 'all']).default('auto');
  return new Command('models')
    .description('List, fetch, check, measure and try the speech models')
    .addCommand(new Command('list').description('what there is, and what is here').option('--json', 'print one JSON array').action(list), {
      isDefault: true,
    })
    .addCommand(new Command('pull').description('fetch the models of a tier; auto fetches what suits this machine').addOption(tier()).action(pull))
    .addCommand(new Command('verify').description('compare every file with its hash, and fetch again what is damaged').action(verify))
    .addCommand(new Command('measure').description('measure again how fast the models that are here run').action(measure))
    .addCommand(
      new Command('speak')
        .description('synthesise a text')
        .argument('<text>')
        .requiredOption('--out <file>', 'WAV file to write')
        .addOption(new Option('--tier <tier>', 'which voice model').choices(tierSettings).default('auto'))
        .option('--voice <name>', "one of the tier's voices")
        .action(speak),
    );
}

async function list(options: { json?: boolean }): Promise<void> {
  const store = new ModelStore();
  const speeds = new SpeedRecord();
  const rows = await Promise.all(
    speechModels.map(async (model) => ({
      name: model.name,
      purpose: model.purpose,
      tier: model.tier,
      title: model.title,
      licence: model.licence,
      diskBytes: diskBytes(model),
      fetchBytes: fetchBytes(model),
      present: store.isPresent(model),
      realTimeFactor: await speeds.read(model),
    })),
  );
  if (options.json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  const colours = pc.createColors(process.stdout.isTTY === true && !process.env.NO_COLOR);
  const table = rows.map((row) => [
    row.name,
    purposes[row.purpose],
    row.tier,
    megabytes(row.diskBytes),
    row.licence,
    row.present ? 'here' : 'not here',
    row.realTimeFactor === undefined ? 'not measured' : `${row.realTimeFactor.toFixed(2)} s for 1 s of speech`,
  ]);
  const widths = (table[0] ?? []).map((_cell, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const [i, row] of table.entries()) {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    process.stdout.write(`${rows[i]?.present ? line : colours.dim(line)}\n`);
  }
}

async function pull({ tier }: { tier: TierSetting | 'all' }): Promise<void> {
  const store = new ModelStore();
  const line = new ProgressLine();
  const settings: readonly TierSetting[] = tier === 'all' ? ['light', 'neural'] : [tier];
  try {
    for (const setting of settings) {
      await fetchWanted(setting, store, thisMachine(store), {
        progress: (model, { stage, bytes, totalBytes }) => line.show(`${model.name}: ${stage} ${megabytes(bytes)} of ${megabytes(totalBytes)}`),
        fetched: (model) => line.say(`${model.name}: fetched, ${megabytes(diskBytes(model))}`),
        measuring: (model) => line.show(`${model.name}: measuring how fast it runs here`),
        chosen: (purpose, { tier: chosen, reason }) => line.say(`${purposes[purpose]}: ${chosen}${setting === 'auto' ? ` (${reason})` : ''}`),
      });
    }
  } finally {
    line.clear();
  }
}

async function verify(): Promise<void> {
  const store = new ModelStore();
  const line = new ProgressLine();
  for (const model of [...speechModels, onnxRuntime].filter((candidate) => store.isPresent(candidate))) {
    line.show(`${model.name}: checking`);
    const damaged = await store.verify(model);
    if (damaged.length === 0) {
      line.say(`${model.name}: whole`);
      continue;
    }
    line.say(`${model.name}: damaged (${damaged.join(', ')}), fetching it again`);
    await store.remove(model);
    await store.fetch(model);
    line.say(`${model.name}: fetched`);
  }
}

async function measure(): Promise<void> {
  const store = new ModelStore();
  const speeds = new SpeedRecord();
  const line = new ProgressLine();
  const here = speechModels.filter((model) => store.isPresent(model));
  if (here.length === 0) throw new TalkpathError('TP_ERR_MODEL_MISSING', 'No model is on this machine');
  for (const model of here) {
    line.show(`${model.name}: measuring`);
    const factor = await speeds.measure(model, store);
    line.say(`${model.name}: ${factor.toFixed(2)} s for 1 s of speech`);
  }
}

async function speak(text: string, { out, tier, voice }: { out: string; tier: TierSetting; voice?: string }): Promise<void> {
  ensureWritable(out);
  const tts = await createLocalTts({ tier, voice });
  try {
    const audio = await speakWhole(tts, text);
    if (!audio) throw new TalkpathError('TP_ERR_USAGE', `Expected a text with a word in it for <text> but received ${JSON.stringify(text)}`);
    writeWav(out, { ...audio, channels: 1 });
  } finally {
    await tts.close();
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
