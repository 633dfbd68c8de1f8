// Simulates a call on a clock of its own and prints what came of it:
//   npm run simulate -- --seed 1 --minutes 60
import { spawnSync } from 'node:child_process';
import { argumentsBy, wholeNumber } from './arguments.mjs';
import { projectFolder } from './setup/cache.mjs';
import { buildNativeTests } from './test/native.mjs';

const { values } = argumentsBy('[--seed N] [--minutes N]', {
  options: { seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '60' } },
});
const seed = wholeNumber('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER);
const minutes = wholeNumber('--minutes', values.minutes, 1, 10_000);
const folder = await buildNativeTests({ target: 'talkpath_simulate' });
const { status } = spawnSync(`${folder}/test/native/talkpath_simulate`, [String(seed), String(minutes)], { stdio: 'inherit', cwd: projectFolder });
process.exit(status ?? 1);
