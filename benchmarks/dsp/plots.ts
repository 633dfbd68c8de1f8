/** Draws docs/plots, all or those named: sweeps and impulses anew, the rest from benchmarks/results. npm run bench:plots [-- name …] */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadField } from '../peers/all.js';
import { projectFolder } from '../peers/packages.js';
import type { EchoResult } from './echo-canceller.js';
import { erlePlot, rocPlot } from './plot/curve-plots.js';
import { impulsePlot, sweepPlot, tradePlot } from './plot/resampler-plots.js';
import type { ResamplerPairResult, ResamplerResult } from './resampler.js';
import type { VoiceResult } from './voice-detector.js';

const folder = join(projectFolder, 'docs/plots');
const largestBytes = 100_000;

const swept = [
  'talkpath',
  'speexdsp q5',
  'soxr HQ',
  'soxr tuned',
  'LiveKit MEDIUM (default)',
  'LiveKit QUICK',
  'libsamplerate-js FASTEST (default)',
  'speexdsp q3',
  'wave-resampler, a call a frame',
];
const struck = [
  'talkpath',
  'libsamplerate-js MEDIUM',
  'soxr tuned',
  'speexdsp q5',
  'speex-resampler q7 (default)',
  'speexdsp q10',
  'libsamplerate-js BEST',
  'soxr HQ',
  'LiveKit MEDIUM (default)',
];

const { peers } = await loadField();
const drivers = peers.flatMap(({ resamplers }) => resamplers ?? []);
const named = (names: readonly string[]) => names.flatMap((name) => drivers.filter((driver) => driver.name === name));

function read<T>(name: string): T {
  const file = join(projectFolder, 'benchmarks/results', `${name}.json`);
  if (!existsSync(file)) throw new Error(`${file} is not there. Run npm run bench -- ${name}`);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

const plots: Readonly<Record<string, () => string | Promise<string>>> = {
  'alias-sweep': () => sweepPlot(named(swept)),
  impulse: () => impulsePlot(named(struck)),
  'delay-against-alias': () => tradePlot(read<ResamplerResult>('resampler').pairs[0] as ResamplerPairResult),
  'echo-over-time': () => erlePlot(read<EchoResult>('echo-canceller')),
  'voice-roc': () => rocPlot(read<VoiceResult>('voice-detector')),
};

mkdirSync(folder, { recursive: true });
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(plots, name));
if (unknown.length > 0) {
  process.stderr.write(`Expected plots of ${Object.keys(plots).join(', ')} but received ${unknown.map((name) => JSON.stringify(name)).join(', ')}\n`);
  process.exit(2);
}
for (const [name, draw] of Object.entries(plots)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const svg = await draw();
  if (svg.length > largestBytes) throw new Error(`${name}.svg would have ${svg.length} bytes; the most is ${largestBytes}`);
  writeFileSync(join(folder, `${name}.svg`), svg);
  process.stdout.write(`docs/plots/${name}.svg (${(svg.length / 1000).toFixed(0)} kB)\n`);
}
process.exit(0);
