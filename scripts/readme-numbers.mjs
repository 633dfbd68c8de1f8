// Puts the measured numbers of benchmarks/results into the README, between its markers.
//   node scripts/readme-numbers.mjs [--check] [README RESULTS]     --check: fail when the README says something else
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './setup/cache.mjs';

const check = process.argv.includes('--check');
const [readme = join(projectFolder, 'README.md'), results = join(projectFolder, 'benchmarks/results')] = process.argv
  .slice(2)
  .filter((argument) => argument !== '--check');
const begin = '<!-- numbers: begin (npm run readme:numbers) -->';
const end = '<!-- numbers: end -->';

const ms = (value) => `${Number(value).toFixed(value < 100 ? 1 : 0)} ms`;
const seconds = (value) => `${Number(value).toFixed(value < 10 ? 1 : 0)} s`;
const quantiles = ({ p50, p95, max }) => `${ms(p50)} / ${ms(p95)} / ${ms(max)}`;

/**
 * One row of the table from each result file.
 * @type {[string, (result: any) => string[]][]}
 */
const rows = [
  ['setup', (r) => ['`npm start` from a bare clone to ready; second start', `${seconds(r.firstSeconds)}; ${seconds(r.secondSeconds)}`]],
  ['echo-latency', (r) => [`Echo agent, sample in to sample out, p50 / p95 / max of ${r.samples}`, quantiles(r)]],
  [
    'frames',
    (r) => [
      `${r.calls} calls for ${r.seconds} s, gap between frames, p50 / p99 / max; missing to the caller, to the agent; how late the callers' own thread was, p99`,
      frames(r.idle),
    ],
  ],
  ['frames', (r) => ['the same, control thread blocked 500 ms every 2 s', frames(r.stalled)]],
  ['clock', (r) => [`Clock error after ${r.minutes} minutes of one call`, ms(r.errorMs)]],
  ['local-agent', (r) => [`Local agent: end of speech to first audio, p50 / p95 / max of ${r.turns} turns`, quantiles(r)]],
  [
    'local-agent',
    ({ meanPartsMs: parts }) => [
      'of these on average: until the silence is noticed + the silence waited for + recognition + words and voice + start + line',
      [parts.speechEndNoticed, parts.silence, parts.recognitionBeyondSilence, parts.dialogueAndSpeech, parts.playoutStart, parts.lineAndQuietStart]
        .map((part) => `${part} ms`)
        .join(' + '),
    ],
  ],
  [
    'callers',
    (r) => [
      `${r.callers} callers at once with the local agent: end of speech to first audio, p50 / p95 / max; sent back of ${r.asked}`,
      `${quantiles(r)}; ${r.sentBack}`,
    ],
  ],
  ['barge-in', (r) => [`Barge-in: caller's first sample to agent's last, p50 / p95 / max of ${r.calls}`, `${quantiles(r)}; ${r.missed} missed`]],
  [
    'soak',
    (r) => [
      `Memory over ${r.calls} calls to the local agent, growth in the second half: resident, heap`,
      `${growth(r.residentMiB)}, ${growth(r.heapMiB)}`,
    ],
  ],
];

function growth({ secondHalf }) {
  return `${secondHalf.growth} ± ${secondHalf.spread} MiB`;
}

function frames({ gapMs, missingToCaller, missingToAgent, sentLateMs }) {
  return `${ms(gapMs.p50)} / ${ms(gapMs.p99)} / ${ms(gapMs.max)}; ${missingToCaller}, ${missingToAgent}; ${ms(sentLateMs.p99)}`;
}

function table() {
  const lines = ['| what | measured | command |', '|---|---|---|'];
  let context;
  for (const [name, row] of rows) {
    const file = join(results, `${name}.json`);
    if (!existsSync(file)) continue;
    const result = JSON.parse(readFileSync(file, 'utf8'));
    if (context && context.commit !== result.commit) {
      console.error(`${file} is of commit ${result.commit}, others are of ${context.commit}. Run npm run bench:load on one commit.`);
      process.exit(1);
    }
    context = result;
    const [what, measured] = row(result);
    if (result.modified || /undefined|NaN/.test(what + measured)) {
      console.error(`${file} is of another format, or of a tree with changes. Run ${result.command} on a clean tree.`);
      process.exit(1);
    }
    lines.push(`| ${what} | ${measured} | \`${result.command}\` |`);
  }
  if (!context) return `${begin}\n${end}`;
  const where = `Measured on ${context.machine}, Node ${context.node}, ${context.date.slice(0, 10)}, commit ${context.commit}, server and callers on the same machine.`;
  return `${begin}\n${lines.join('\n')}\n\n${where}\n${end}`;
}

const text = readFileSync(readme, 'utf8');
const updated = text.slice(0, text.indexOf(begin)) + table() + text.slice(text.indexOf(end) + end.length);
if (check) {
  if (updated !== text) {
    console.error('The numbers in README.md are not those of benchmarks/results. Run npm run readme:numbers.');
    process.exit(1);
  }
} else writeFileSync(readme, updated);
