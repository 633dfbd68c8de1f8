/**
 * Measures the engine's parts against their peers in one process and one run.
 *   npm run bench [-- subject …] [--json] [--quick]
 * Results go to benchmarks/results; --quick only prints, --json prints them as JSON.
 */
import { loadField } from '../peers/all.js';
import { plain } from '../peers/plain-addon.js';
import { writeResult } from '../result.js';
import { doorbell } from './doorbell.js';
import { echoCalls } from './echo-calls.js';
import { echoCanceller } from './echo-canceller.js';
import { pacing } from './pacing.js';
import { resampler } from './resampler.js';
import { rings } from './rings.js';
import type { Subject } from './subject.js';
import { voiceDetector } from './voice-detector.js';

const subjects: readonly Subject[] = [resampler, echoCanceller, echoCalls, voiceDetector, rings, doorbell, pacing];

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const known = subjects.map(({ name }) => name);
for (const argument of [...options.filter((option) => !['--json', '--quick'].includes(option)), ...names.filter((name) => !known.includes(name))]) {
  process.stderr.write(`Expected subjects of ${known.join(', ')}, --json or --quick but received ${argument}\n`);
  process.exit(2);
}
const quick = options.includes('--quick');
const json = options.includes('--json');
const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
const progress = (what: string): void => void process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${what}` : '');

const field = await loadField();
for (const [peer, reason] of Object.entries(field.missing)) say(`Not measured: ${peer}: ${reason}`);

for (const subject of subjects) {
  if (names.length > 0 && !names.includes(subject.name)) continue;
  const startedMs = performance.now();
  const measured = await subject.run({ quick, field, progress: (what) => progress(`${subject.name}: ${what}`) });
  const result = { ...measured, compiler: plain.compiler, versions: field.versions, missing: field.missing };
  progress('');
  say(`\n${subject.name}: ${subject.what} (${((performance.now() - startedMs) / 1000).toFixed(0)} s)`);
  for (const line of subject.tell(measured as never)) say(line);
  if (json) process.stdout.write(`${JSON.stringify({ subject: subject.name, ...result })}\n`);
  if (!quick) writeResult(subject.name, result, `npm run bench -- ${subject.name}`);
}
process.exit(0);
