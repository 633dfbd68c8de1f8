// Says how well the engine's voice detector does on the test set, beside WebRTC's C detector, and keeps that of the default
// set in benchmarks/results.
//   node scripts/training/voice-report.mjs [--minutes 64] [--calls 1] [--seed 1]
// --calls: of each background and SNR; --seed: of the calls with speech.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../setup/cache.mjs';
import { run } from '../setup/process.mjs';
import { runSteps } from '../setup/report.mjs';
import { typescript, typescriptBenchmarks, typescriptCorpus } from '../setup/typescript.mjs';
import { webrtc, webrtcFolder } from '../setup/webrtc.mjs';
import { speech, speechFolder } from '../test/speech.mjs';

const folder = join(projectFolder, 'build/voice-training');
const native = join(projectFolder, 'build/training-native');
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '64' }, calls: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
});
const modes = [0, 1, 2, 3];
const onsetsMs = [20, 30, 40, 60];
const hangoverMs = 200;

await runSteps([webrtc, typescript, typescriptCorpus, typescriptBenchmarks, speech()]);
mkdirSync(folder, { recursive: true });
const { writeResult } = await import('#benchmarks/result.js');
const { aucOf, sharesOf, timingOf } = await import('#corpus/score.js');
const { noiseCalls, readTestSources, testCalls } = await import('#corpus/test-set.js');
const { bargeInsOf } = await import('#corpus/tracking.js');
const options = ['-DTALKPATH_TRAINING=ON', `-DTALKPATH_WEBRTC_DIR=${webrtcFolder()}`];
await run('cmake', ['-S', projectFolder, '-B', native, '-G', 'Unix Makefiles', ...options]);
await run('cmake', ['--build', native, '-j', String(availableParallelism())]);

const sources = readTestSources(speechFolder());
const size = { durationMs: 30_000, callsPerCondition: Number(values.calls) };
const sets = { test: [...testCalls(sources, size, Number(values.seed))], noise: [...noiseCalls(sources, Number(values.minutes))] };

/** Writes the calls down, lets the program listen, reads what it says: a probability, and the decisions of each mode. */
async function judged(name, detector, path) {
  const calls = sets[name];
  const [samples, blocks, out] = ['pcm', 'u32', 'f32'].map((ending) => join(folder, `${name}.${ending}`));
  writeFileSync(samples, Buffer.concat(calls.map((call) => Buffer.from(call.samples.buffer))));
  writeFileSync(blocks, new Uint8Array(Uint32Array.from(calls, (call) => call.blocks.length).buffer));
  await run(join(native, 'scripts/training/voice-detector/talkpath_voice_judge'), [samples, blocks, out, detector, path]);
  const all = new Float32Array(new Uint8Array(readFileSync(out)).buffer);
  let at = 0;
  return calls.map((call) => {
    const [probabilities, ...decisions] = Array.from({ length: 1 + modes.length }, (_, column) =>
      Float32Array.from(call.blocks, (_, i) => all[(at + i) * (1 + modes.length) + column]),
    );
    at += call.blocks.length;
    return { ...call, probabilities, decisions };
  });
}

/** What a mode decides, as something that a threshold of 1 tells. */
const decided = (calls, mode) => calls.map((call) => ({ ...call, probabilities: call.decisions[mode] }));
const spoken = (calls) => calls.filter((call) => call.blocks.includes(1));
const share = (value) => value.toFixed(4);
const detectors = [];

for (const path of ['plain', 'telephony']) {
  for (const detector of ['ours', 'webrtc']) {
    const test = await judged('test', detector, path);
    const noise = await judged('noise', detector, path);
    const steady = noise.filter((_, i) => Math.floor(i / 8) % 2 === 0);
    const conditions = [...new Set(spoken(test).map(({ condition }) => condition))];
    console.log(`\n== ${detector}, ${path}: AUC ${share(aucOf(test))}`);
    console.log(conditions.map((name) => `${name} ${share(aucOf(test.filter(({ condition }) => condition === name)))}`).join('  '));
    console.log([5, 10, 15, 20].map((snr) => `${snr} dB ${share(aucOf(test.filter(({ snrDb }) => snrDb === snr)))}`).join('  '));
    const falseStarts = (calls) => bargeInsOf(decided(calls, 2), 1, { onsetMs: 60, hangoverMs }).falsePerHour.toFixed(0);
    const voices = ({ condition }) => condition === 'babble' || condition === 'cafeteria';
    const disturbed = noise.filter((call) => !steady.includes(call));
    const groups = [
      ['noise', steady.filter((call) => !voices(call))],
      ['voices', steady.filter(voices)],
      ['noise with disturbances', disturbed.filter((call) => !voices(call))],
      ['voices with disturbances', disturbed.filter(voices)],
    ];
    const aucs = Object.fromEntries([
      ...conditions.map((name) => [name, aucOf(test.filter(({ condition }) => condition === name))]),
      ...[5, 10, 15, 20].map((snr) => [`${snr} dB SNR`, aucOf(test.filter(({ snrDb }) => snrDb === snr))]),
    ]);
    const told = { detector, path, auc: aucOf(test), aucBy: aucs, modes: [], falsePerHour: {} };
    detectors.push(told);
    for (const [name, calls] of groups) told.falsePerHour[name] = Number(falseStarts(calls));
    console.log(`mode 2, onset_ms 60, false starts an hour: ${groups.map(([name, calls]) => `${name} ${falseStarts(calls)}`).join('  ')}`);
    for (const mode of modes) {
      const { onsetMs, offsetMs, missed, utterances } = timingOf(decided(spoken(test), mode), 1);
      console.log(
        `mode ${mode}: onset p50 ${onsetMs.p50} p95 ${onsetMs.p95}  offset p50 ${offsetMs.p50} p95 ${offsetMs.p95} ms  missed ${missed} of ${utterances}`,
      );
      const { heard, falseAlarms } = sharesOf(decided(test, mode), 1);
      console.log(`  ${(100 * heard).toFixed(1)} % of the speech heard, ${(100 * falseAlarms).toFixed(2)} % of the silence taken for it`);
      const inCalls = [];
      told.modes.push({ mode, onsetMs, offsetMs, missed, utterances, heard, falseAlarms, inCalls });
      for (const onset of onsetsMs) {
        const settings = { onsetMs: onset, hangoverMs };
        const { stopMs, missed: never, endMs } = bargeInsOf(decided(spoken(test), mode), 1, settings);
        const clean = bargeInsOf(
          decided(
            test.filter(({ condition }) => condition === 'clean'),
            mode,
          ),
          1,
          settings,
        );
        const [all, quiet] = [noise, steady].map((calls) => bargeInsOf(decided(calls, mode), 1, settings).falsePerHour.toFixed(0));
        console.log(
          `  onset_ms ${onset}: stops p50 ${stopMs.p50} p95 ${stopMs.p95} (clean ${clean.stopMs.p50}, ${clean.stopMs.p95}) missed ${(100 * never).toFixed(1)} %, ` +
            `ended p50 ${endMs.p50} p95 ${endMs.p95}, false an hour: ${quiet} noise, ${all} with disturbances`,
        );
        inCalls.push({
          speechOnsetMs: onset,
          stopMs,
          cleanStopMs: clean.stopMs,
          endMs,
          never,
          falsePerHour: { noise: Number(quiet), all: Number(all) },
        });
      }
    }
  }
}
if (values.minutes === '64' && values.calls === '1' && values.seed === '1') {
  const digits = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
  const what = 'the voice detector in calls: onset, offset, barge-ins and false starts, plain and behind noise suppression';
  writeResult('voice-report', { what, detectors: JSON.parse(JSON.stringify(detectors, digits)) }, 'node scripts/training/voice-report.mjs');
}
