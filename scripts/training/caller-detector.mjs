// Trains the caller detector and writes native/dsp/caller_weights.h.
//   npm run train:caller -- [--calls 4000] [--epochs 16] [--seed 5]
// Needs python3-torch, python3-numpy, vorbis-tools and, or it takes ten times as long, libopenblas0-pthread of Debian.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../setup/cache.mjs';
import { runSteps } from '../setup/report.mjs';
import { recordingsFolder, speechFolder } from '../test/speech.mjs';
import { trainingPackages } from './packages.mjs';
import { emptied, learning, measuring, preparations, step } from './steps.mjs';

const folder = join(projectFolder, 'build/caller-training');
const callMs = 20_000;
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '4000' }, epochs: { type: 'string', default: '16' }, seed: { type: 'string', default: '5' } },
});
const inFolder = (name) => join(folder, name);

const compose = step(`composing ${values.calls} calls`, async (report) => {
  mkdirSync(emptied(folder), { recursive: true });
  const { composeEchoCalls } = await import('./caller-detector/compose.mjs');
  await composeEchoCalls({
    folder,
    training: recordingsFolder(trainingPackages),
    music: speechFolder(),
    calls: Number(values.calls),
    callMs,
    seed: Number(values.seed),
    progress: (detail) => report.progress(detail),
  });
  return 'done';
});

await runSteps([
  ...preparations,
  compose,
  measuring('caller-detector', 'talkpath_caller_features', [
    inFolder('far.pcm'),
    inFolder('near.pcm'),
    String(callMs / 10),
    inFolder('features.f16'),
  ]),
  learning('caller-detector', `training for ${values.epochs} epochs`, [
    inFolder('features.f16'),
    inFolder('truth.u8'),
    values.epochs,
    join(projectFolder, 'native/dsp/caller_weights.h'),
  ]),
]);
