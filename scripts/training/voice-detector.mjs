// Trains the voice detector and writes native/dsp/voice_weights.h.
//   npm run train:voice -- [--calls 4800] [--epochs 6] [--seed 21]
// Needs python3-torch, python3-numpy, vorbis-tools and, or it takes ten times as long, libopenblas0-pthread of Debian.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../setup/cache.mjs';
import { runSteps } from '../setup/report.mjs';
import { recordingsFolder, speechFolder } from '../test/speech.mjs';
import { trainingPackages } from './packages.mjs';
import { emptied, learning, measuring, preparations, step } from './steps.mjs';

const folder = join(projectFolder, 'build/voice-training');
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '4800' }, epochs: { type: 'string', default: '6' }, seed: { type: 'string', default: '21' } },
});
const inFolder = (name) => join(folder, name);

const compose = step(`composing ${values.calls} calls`, async (report) => {
  mkdirSync(emptied(folder), { recursive: true });
  const { composeTrainingCalls } = await import('./voice-detector/compose.mjs');
  await composeTrainingCalls({
    folder,
    training: recordingsFolder(trainingPackages),
    music: speechFolder(),
    calls: Number(values.calls),
    seed: Number(values.seed),
    progress: (detail) => report.progress(detail),
  });
  return 'done';
});

await runSteps([
  ...preparations,
  compose,
  measuring('voice-detector', 'talkpath_voice_features', ['calls.pcm', 'blocks.u32', 'stages.u8', 'features.f32'].map(inFolder)),
  learning('voice-detector', `training for ${values.epochs} epochs`, [
    inFolder('features.f32'),
    inFolder('truth.u8'),
    values.epochs,
    join(projectFolder, 'native/dsp/voice_weights.h'),
  ]),
]);
