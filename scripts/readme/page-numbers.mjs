// What docs/engine/echo.md and voice-detection.md tell of benchmarks/results, as Markdown.
import { fixed, none, rowOf, table } from './table.mjs';

const percent = (share, digits = 0) => `${fixed(100 * share, digits)} %`;
const pair = ({ p50, p95 }) => `${p50}, ${p95} ms`;

/** @type {Record<string, [what: string, goal: string, tell: (value: number | null) => string]>} */
const cases = {
  lockMs: ["the agent's speech until the echo is locked", '1000 ms', (value) => (value === null ? 'never' : `${fixed(value, 0)} ms`)],
  residualDbfs: ['residual after one second of that speech, mean power', '−50 dBFS', (value) => fixed(value, 1)],
  worstDbfs: ['single 10 ms of it, 99 of 100 below', none, (value) => fixed(value, 1)],
  erleDb: ['gain over the return loss (ERLE), the suppressor included', none, (value) => `${fixed(value, 1)} dB`],
  callerLossDb: ["caller's level lost in double talk", '3 dB', (value) => `${fixed(value, 1)} dB`],
};

const costs = {
  listeningUs: '10 ms, listening for an echo that is not there',
  removingUs: '10 ms, removing one',
  createUs: 'an instance made',
  sessionMadeUs: 'a session with one made',
  sessionTakenUs: 'a session with one taken that was made ahead',
};

function echoPage({ 'echo-calls': { cases: count, figures, turns, followed, cost } }) {
  const stopped = ({ bargeIns, caught, caughtWithin500Ms, stopMsP50, stopMsP95 }) =>
    bargeIns > 0
      ? [`${caught} of ${bargeIns}, ${percent(caught / bargeIns, 1)}`, percent(caughtWithin500Ms / bargeIns), `${stopMsP50}, ${stopMsP95} ms`]
      : [none, none, none];
  return [
    table([
      [`${count} cases`, 'goal', 'p50', '19 of 20 as good or better', 'worst'],
      ...Object.entries(cases).map(([name, [what, goal, tell]]) => {
        const { p50, p95, worst } = figures[name];
        return [what, goal, tell(p50), tell(p95), tell(worst)];
      }),
    ]),
    table([
      ['who speaks over the agent', 'command', 'turns', 'stopped for nobody', 'stopped for the caller', 'within 500 ms', 'p50, p95'],
      ...turns.map((t) => [t.who, `\`${t.program}\``, t.turns, t.selfInterrupted, ...stopped(t)]),
    ]),
    table([
      [
        'a moving echo, 6 dB of return loss',
        "seconds of the agent's speech",
        'less than 3 dB removed',
        'less than 10 dB',
        '5 dB again before the next step',
        'after, p50, p90',
      ],
      ...followed.map((f) => [
        f.line,
        f.seconds,
        `${f.below3DbPercent} %`,
        `${f.below10DbPercent} %`,
        `${f.againPercent} %`,
        `${f.againMsP50}, ${f.againMsP90 ?? 'never'} ms`,
      ]),
    ]),
    table([
      ['processor time at 16 kHz', 'p50', 'p99', 'max'],
      ...Object.entries(costs).map(([name, what]) => [what, ...['p50', 'p99', 'max'].map((key) => `${cost[name][key]} µs`)]),
    ]),
    `An instance holds ${Math.round(cost.bytes / 1000)} kB.`,
  ].join('\n\n');
}

function voicePage({ 'voice-detector': { rows }, 'voice-report': { detectors } }) {
  const reported = (detector, path) => detectors.find((one) => one.detector === detector && one.path === path);
  const [plain, behind, webrtc] = [reported('ours', 'plain'), reported('ours', 'telephony'), reported('webrtc', 'plain')];
  const peers = [
    ['WebRTC C VAD', rowOf(rows, 'webrtcvad')],
    ['Silero v5', rowOf(rows, 'Silero v5')],
    ['Silero v6.2 at 8 kHz', rowOf(rows, 'Silero v6.2 at 8 kHz')],
  ].filter(([, row]) => row.aucBy);
  const judged = [...peers, ['**ours**', rowOf(rows, 'talkpath')], ['ours, behind noise suppression', behind]];
  const used = (name, { onsetMs, offsetMs, heard, falseAlarms }) => [name, pair(onsetMs), pair(offsetMs), percent(heard), percent(falseAlarms, 1)];
  const atOnset = ({ modes }, mode, onset) => modes[mode].inCalls.find(({ speechOnsetMs }) => speechOnsetMs === onset);
  const inCalls = (name, one) => {
    const { stopMs, cleanStopMs, never } = atOnset(one, 2, 60);
    const groups = ['noise', 'noise with disturbances', 'voices', 'voices with disturbances'];
    return [name, ...groups.map((group) => one.falsePerHour[group]), pair(stopMs), pair(cleanStopMs), percent(never, 1)];
  };
  return [
    table([
      ['AUC', ...judged.map(([name]) => name)],
      ['**everything**', ...judged.map(([, { auc }]) => fixed(auc, 3))],
      ...Object.keys(behind.aucBy).map((condition) => [condition, ...judged.map(([, { aucBy }]) => fixed(aucBy[condition], 3))]),
    ]),
    table([
      ['as used', 'onset p50, p95', 'offset p50, p95', 'speech heard', 'silence taken for speech'],
      ...peers.map(([name, { asUsed }]) => used(`${name}, ${asUsed.how}`, asUsed)),
      ...plain.modes.map((one) => used(one.mode === 2 ? '**ours, mode 2, the default**' : `ours, mode ${one.mode}`, one)),
      used('ours, mode 2, behind noise suppression', behind.modes[2]),
    ]),
    table([
      [
        'mode 2, `speech_onset_ms` 60',
        'false starts an hour: noise',
        'with disturbances',
        'babble, cafeteria',
        'with disturbances',
        'stops after, p50, p95',
        'clean',
        'never',
      ],
      inCalls('WebRTC C VAD', webrtc),
      inCalls('ours', plain),
      inCalls('ours, behind noise suppression', behind),
    ]),
    table([
      ['ours, mode 2', ...plain.modes[2].inCalls.map(({ speechOnsetMs }) => `\`speech_onset_ms\` ${speechOnsetMs}`)],
      ...[
        ['plain', plain],
        ['behind noise suppression', behind],
      ].flatMap(([name, { modes }]) => [
        [`${name}: false starts an hour, all lines`, ...modes[2].inCalls.map(({ falsePerHour }) => falsePerHour.all)],
        [`${name}: stops after, p50, p95`, ...modes[2].inCalls.map(({ stopMs }) => pair(stopMs))],
      ]),
    ]),
  ].join('\n\n');
}

/** Each page of docs/engine with figures: the results it is made of, and how they are told. */
export const pages = {
  echo: { results: ['echo-calls'], tell: echoPage },
  'voice-detection': { results: ['voice-detector', 'voice-report'], tell: voicePage },
};
