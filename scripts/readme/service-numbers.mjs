// The README's table of what services cost and do to a call, from the load benchmarks against emulated ones.
import { fixed, table } from './table.mjs';

export const serviceResults = ['services', 'early-reply', 'take-over', 'cancelled', 'faults'];

const ms = (value) => `${fixed(value, value < 100 ? 1 : 0)} ms`;
const sumOf = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** One row or more of each result that is there. */
const tells = {
  services: ({ turns, shares, command }) =>
    Object.entries(shares).map(([name, { p50, p99 }]) => [
      `${name}: what talkpath adds to the set silence and the service's own time, p50 / p99 of ${turns} turns`,
      `${ms(p50)} / ${ms(p99)}`,
      `\`${command}\``,
    ]),
  'early-reply': ({ turns, asked, early, command }) => [
    [
      `Cascade with a model of 40 ms a token, end of speech to first audio, p50 of ${turns} turns: asked when the turn is over / \`early_reply\``,
      `${ms(asked.p50)} / ${ms(early.p50)}`,
      `\`${command}\``,
    ],
  ],
  'take-over': ({ calls, deadAirMs, command }) => [
    [
      `openai-realtime killed in mid-utterance, another behind it: silence until the next one goes on, p50 / p99 / max of ${calls}; words said twice`,
      `${ms(deadAirMs.p50)} / ${ms(deadAirMs.p99)} / ${ms(deadAirMs.max)}; none`,
      `\`${command}\``,
    ],
  ],
  cancelled: ({ bargeIns, stopMs, withCancelledAudio, missed, command }) => [
    [
      `openai-realtime that goes on with a reply the caller has cut: barge-ins with any of it heard, of ${bargeIns}; caller's first sample to the reply's last, p50 / p99`,
      `${withCancelledAudio}; ${ms(stopMs.p50)} / ${ms(stopMs.p99)}; ${missed} missed`,
      `\`${command}\``,
    ],
  ],
  faults: ({ calls, results, command }) => {
    const all = Object.values(results);
    const left = all.reduce((sum, { leftOpen }) => sum + sumOf(leftOpen), 0);
    const longest = Math.max(...all.map(({ waitMs }) => waitMs.max));
    return [
      [
        `${all.length} faults of openai-realtime, another behind it, ${calls} calls each: longest wait for a sound; sockets, sessions, calls and timers left open`,
        `${ms(longest)}; ${left}`,
        `\`${command}\``,
      ],
    ];
  },
};

export function serviceTable(measured) {
  const rows = Object.entries(measured).flatMap(([name, result]) => tells[name](result));
  return table([['what', 'measured', 'command'], ...rows]);
}
