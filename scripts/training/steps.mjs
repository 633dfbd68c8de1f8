import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../setup/cache.mjs';
import { probe, run } from '../setup/process.mjs';
import { SetupError } from '../setup/report.mjs';
import { typescript, typescriptCorpus } from '../setup/typescript.mjs';
import { webrtc, webrtcFolder } from '../setup/webrtc.mjs';
import { recordings, speech } from '../test/speech.mjs';
import { trainingPackages } from './packages.mjs';

const python = '/usr/bin/python3';
const scripts = join(projectFolder, 'scripts/training');
const native = join(projectFolder, 'build/training-native');

/** A step that is always to be done. */
export const step = (title, work) => ({ title, upToDate: async () => false, run: work });

const torch = step('PyTorch', async () => {
  const tools = probe(python, ['-c', 'import torch, numpy; print(torch.__version__)']) && probe('oggdec', ['--version']);
  if (tools !== undefined) return 'there';
  throw new SetupError(
    `${python} has no torch, or oggdec is missing.`,
    'run  sudo apt-get install -y python3-torch python3-numpy libopenblas0-pthread vorbis-tools',
  );
});

/** What every training needs: tools, the library it measures with, and the recordings. */
export const preparations = [torch, webrtc, typescript, typescriptCorpus, speech(), recordings('recorded speech to train on', trainingPackages)];

/** Empties the folder that a training works in. */
export function emptied(folder) {
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

/** Compiles the programs of scripts/training and runs the one of this name, below the training's folder there. */
export const measuring = (training, program, args) =>
  step('computing features', async (report) => {
    const options = ['-DTALKPATH_TRAINING=ON', `-DTALKPATH_WEBRTC_DIR=${webrtcFolder()}`];
    await run('cmake', ['-S', projectFolder, '-B', native, '-G', 'Unix Makefiles', ...options]);
    await run('cmake', ['--build', native, '-j', String(availableParallelism())]);
    report.progress('listening');
    await run(join(native, 'scripts/training', training, program), args);
    return 'done';
  });

/** Runs the training's train.py, which prints how far it is. */
export const learning = (training, title, args) =>
  step(title, async (report) => {
    let last = '';
    await run('nice', [python, join(scripts, training, 'train.py'), ...args], {
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', PYTHONPATH: scripts },
      onLine: (line) => {
        if (line.trim()) last = line.trim();
        report.progress(last);
      },
    });
    return last;
  });
