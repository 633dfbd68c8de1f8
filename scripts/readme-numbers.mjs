// Puts the measured numbers of benchmarks/results into README.md and the pages of docs/engine, between their markers.
//   node scripts/readme-numbers.mjs [--check] [README RESULTS]     --check: fail when a file says something else
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsBy, refuse as refuseArgument } from './arguments.mjs';
import { engineResults, fullEngineTables, shortEngineTable } from './readme/engine-numbers.mjs';
import { pages } from './readme/page-numbers.mjs';
import { serviceResults, serviceTable } from './readme/service-numbers.mjs';
import { projectFolder } from './setup/cache.mjs';

const usage = '[--check] [README RESULTS]';
const { values, positionals } = argumentsBy(usage, { allowPositionals: true, options: { check: { type: 'boolean', default: false } } });
if (![0, 2].includes(positionals.length)) refuseArgument(`Expected ${usage} but received ${process.argv.slice(2).join(' ')}`);
const { check } = values;
const [readme = join(projectFolder, 'README.md'), results = join(projectFolder, 'benchmarks/results')] = positionals;
const at = (path) => statSync(path, { throwIfNoEntry: false });
if (!at(readme)?.isFile()) refuseArgument(`Expected a file for README but received ${JSON.stringify(readme)}`);
if (!at(results)?.isDirectory()) refuseArgument(`Expected a folder for RESULTS but received ${JSON.stringify(results)}`);

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

function refuse(why) {
  console.error(why);
  process.exit(1);
}

/** A result with its measuring context, undefined when there is none; all of `others` must be of the same commit. */
function read(name, others) {
  const file = join(results, `${name}.json`);
  if (!existsSync(file)) return undefined;
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const other = others.find(Boolean);
  if (other && other.commit !== result.commit) {
    refuse(`${file} is of commit ${result.commit}, others are of ${other.commit}. Run ${result.command} and ${other.command} on one commit.`);
  }
  if (result.modified) refuse(`${file} is of a tree with changes. Run ${result.command} on a clean tree.`);
  return result;
}

/** Text made of numbers, if all of them are there. */
function whole(text, { command }) {
  if (/undefined|NaN|null/.test(text)) refuse(`A result is of another format. Run ${command} on a clean tree.`);
  return text;
}

const where = (context, also = '') =>
  `Measured on ${context.machine}, Node ${context.node}, ${context.date.slice(0, 10)}, commit ${context.commit}${also}.`;

function callNumbers() {
  const lines = ['| what | measured | command |', '|---|---|---|'];
  const seen = [];
  for (const [name, row] of rows) {
    const result = read(name, seen);
    if (!result) continue;
    seen.push(result);
    lines.push(whole(`| ${row(result).join(' | ')} | \`${result.command}\` |`, result));
  }
  if (seen.length === 0) return '';
  return `${lines.join('\n')}\n\n${where(seen.at(-1), ', server and callers on the same machine')}${besideEngine(seen)}`;
}

/** Says so when the engine's numbers, which stand beside these, are of another commit. */
function besideEngine(seen) {
  const engine = Object.values(readAll(engineResults))[0];
  const [{ commit }] = seen;
  if (!engine || engine.commit === commit) return '';
  const latest = seen
    .map(({ date }) => date)
    .sort()
    .at(-1);
  return ` **That commit is ${latest < engine.date ? 'older' : 'newer'} than the one of the engine's numbers below, ${engine.commit}.**`;
}

/** Those of the results that are there, by name; all of one commit. */
function readAll(names) {
  const measured = {};
  for (const name of names) {
    const result = read(name, Object.values(measured));
    if (result) measured[name] = result;
  }
  return measured;
}

/** Tables of the engine's parts, by one of the two functions that make them. */
function engineNumbers(tables) {
  const measured = readAll(engineResults);
  const any = Object.values(measured)[0];
  return any ? whole(`${tables(measured)}\n\n${where(any, `, ${any.compiler}`)}`, { command: 'npm run bench' }) : '';
}

/** What services do to a call, emulated ones. */
function serviceNumbers() {
  const measured = readAll(serviceResults);
  const any = Object.values(measured)[0];
  if (!any) return '';
  return `${whole(serviceTable(measured), any)}\n\n${where(any, ', services, server and callers on the same machine')}`;
}

/** A page's tables, where all that they are made of has been measured. */
function pageNumbers({ results: names, tell }) {
  const measured = readAll(names);
  const all = Object.values(measured);
  if (all.length < names.length) return '';
  const commands = all.map(({ command }) => `\`${command}\``).join(' and ');
  return whole(`${tell(measured)}\n\n${where(all[0])} ${commands}.`, all[0]);
}

/**
 * Each place with numbers: its file, its markers' name, and what belongs between them.
 * @type {[string, string, () => string][]}
 */
const places = [
  [readme, 'numbers', callNumbers],
  [readme, 'service numbers', serviceNumbers],
  [readme, 'engine numbers', () => engineNumbers(shortEngineTable)],
];
if (readme === join(projectFolder, 'README.md')) {
  places.push([join(projectFolder, 'docs/engine/benchmarks.md'), 'engine numbers', () => engineNumbers(fullEngineTables)]);
  for (const [name, page] of Object.entries(pages)) places.push([join(projectFolder, `docs/engine/${name}.md`), 'numbers', () => pageNumbers(page)]);
}

for (const [file, name, numbers] of places) {
  const text = readFileSync(file, 'utf8');
  const begin = `<!-- ${name}: begin (npm run readme:numbers) -->`;
  const end = `<!-- ${name}: end -->`;
  const from = text.indexOf(begin);
  if (from < 0) continue;
  const between = numbers();
  const updated = `${text.slice(0, from)}${begin}\n${between}${between && '\n'}${text.slice(text.indexOf(end, from))}`;
  if (check && updated !== text) refuse(`The numbers in ${file} are not those of benchmarks/results. Run npm run readme:numbers.`);
  if (!check) writeFileSync(file, updated);
}
