// Trains the voice detector and writes native/dsp/voice_network_weights.h.
//   npm run train:voice -- [--calls 2200] [--minutes 20] [--seed 21]
// Needs python3-torch, python3-numpy, vorbis-tools and, or it takes ten times as long, libopenblas0-pthread of Debian.
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../setup/cache.mjs';
import { probe, run } from '../setup/process.mjs';
import { runSteps, SetupError } from '../setup/report.mjs';
import { typescript, typescriptCorpus } from '../setup/typescript.mjs';
import { webrtc, webrtcFolder } from '../setup/webrtc.mjs';
import { recordings, recordingsFolder, speech, speechFolder } from '../test/speech.mjs';
import { trainingPackages } from './voice-detector/packages.mjs';

const python = '/usr/bin/python3';
const folder = join(projectFolder, 'build/voice-training');
const native = join(projectFolder, 'build/voice-training-native');
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '2200' }, minutes: { type: 'string', default: '20' }, seed: { type: 'string', default: '21' } },
});

const step = (title, work) => ({ title, upToDate: async () => false, run: work });

const torch = step('PyTorch', async () => {
  const tools = probe(python, ['-c', 'import torch, numpy; print(torch.__version__)']) && probe('oggdec', ['--version']);
  if (tools !== undefined) return 'there';
  throw new SetupError(
    `${python} has no torch, or oggdec is missing.`,
    'run  sudo apt-get install -y python3-torch python3-numpy libopenblas0-pthread vorbis-tools',
  );
});

const compose = step(`composing ${values.calls} calls`, async (report) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
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

const features = step('computing features', async (report) => {
  const options = ['-DTALKPATH_TRAINING=ON', `-DTALKPATH_WEBRTC_DIR=${webrtcFolder()}`];
  await run('cmake', ['-S', projectFolder, '-B', native, '-G', 'Unix Makefiles', ...options]);
  await run('cmake', ['--build', native, '-j', String(availableParallelism())]);
  report.progress('listening');
  const files = ['calls.pcm', 'blocks.u32', 'stages.u8', 'features.f32'].map((name) => join(folder, name));
  await run(join(native, 'scripts/training/voice-detector/talkpath_voice_features'), files);
  return 'done';
});

const train = step(`training for ${values.minutes} minutes`, async (report) => {
  const script = join(projectFolder, 'scripts/training/voice-detector/train.py');
  const files = [join(folder, 'features.f32'), join(folder, 'truth.u8')];
  let last = '';
  await run('nice', [python, script, ...files, values.minutes, join(projectFolder, 'native/dsp/voice_network_weights.h')], {
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
    onLine: (line) => {
      if (line.trim()) last = line.trim();
      report.progress(last);
    },
  });
  return last;
});

await runSteps([
  torch,
  webrtc,
  typescript,
  typescriptCorpus,
  speech(),
  recordings('recorded speech to train on', trainingPackages),
  compose,
  features,
  train,
]);
