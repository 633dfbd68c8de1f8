import type { EchoResult } from '../echo-canceller.js';
import type { VoiceResult } from '../voice-detector.js';
import { Panel } from './panel.js';
import { fadedInk, line, oursInk, peerInks, picture, polyline, text } from './svg.js';

const ours = 'talkpath';

interface Legend {
  readonly name: string;
  readonly colour: string;
  readonly detail?: string;
}

const coloured = (names: readonly string[]): Legend[] => {
  let next = 0;
  return names.map((name) => ({ name, colour: name === ours ? oursInk : (peerInks[next++ % peerInks.length] as string) }));
};

function legend(entries: readonly Legend[], x: number, y: number): string[] {
  return entries.flatMap(({ name, colour, detail }, i) => [
    line(x, y + i * 22 - 4, x + 24, y + i * 22 - 4, colour, name === ours ? 3 : 2),
    text(x + 32, y + i * 22, `${name}${detail ? `: ${detail}` : ''}`, { bold: name === ours, size: 12.5 }),
  ]);
}

/** How much weaker each canceller makes the echo, half second by half second, for each delay of the line. */
export function erlePlot({ rows, delaysMs, returnLossDb }: EchoResult): string {
  const shown = rows.filter(({ name, failed }) => !failed && name !== 'talkpath in plain C');
  const entries = coloured(shown.map(({ name }) => name));
  const [width, height, gapX, gapY, left, top] = [380, 170, 50, 56, 70, 94];
  const parts: string[] = [];
  for (const [i, delayMs] of delaysMs.entries()) {
    const panel = new Panel(
      left + (i % 2) * (width + gapX),
      top + Math.floor(i / 2) * (height + gapY),
      width,
      height,
      { from: 0, to: 14, ticks: [0, 2, 4, 6, 8, 10, 12, 14], ...(i >= delaysMs.length - 2 && { label: 'seconds of the call' }) },
      { from: -5, to: 65, ticks: [0, 20, 40, 60], ...(i % 2 === 0 && { label: 'echo weaker by, dB' }) },
    );
    parts.push(...panel.frame({ title: `echo after ${delayMs} ms`, numbersUp: i % 2 === 0 }));
    for (const [k, row] of shown.entries()) {
      const points = (row.figures[i]?.erle ?? []).map(([second, erleDb]) => panel.at(second, erleDb));
      parts.push(polyline(points, entries[k]?.colour ?? fadedInk, row.name === ours ? 2.6 : 1.7));
    }
  }
  const bottom = top + Math.ceil(delaysMs.length / 2) * (height + gapY);
  return picture(
    left + 2 * width + gapX + 30,
    bottom + 22 + entries.length * 22,
    'Echo cancellation over time: the agent speaks alone',
    `Recorded speech, a hybrid with ${returnLossDb} dB return loss, µ-law on both ways, 8 kHz; half seconds in which there is echo.`,
    [...parts, ...legend(entries, left, bottom + 18)],
  );
}

/** What the plot shows of the curves, in percent. */
const mostFalse = 30;
const leastHeard = 60;

/** Share of the speech that is heard against the share of the rest that is taken for speech. */
export function rocPlot({ rows, seconds, calls }: VoiceResult): string {
  const shown = rows.filter(({ roc, name }) => roc && name !== 'talkpath in plain C');
  const entries = coloured(shown.map(({ name }) => name)).map((entry, i) => ({
    ...entry,
    detail: `AUC ${shown[i]?.auc?.toFixed(3)}, ${shown[i]?.usPer10Ms} µs for 10 ms`,
  }));
  const panel = new Panel(
    76,
    92,
    500,
    400,
    { from: 0, to: mostFalse, ticks: [0, 5, 10, 15, 20, 25, 30], label: 'of all else taken for speech, %' },
    { from: leastHeard, to: 100, ticks: [60, 70, 80, 90, 100], label: 'of the speech heard, %' },
  );
  const curves: string[] = [];
  for (const [k, row] of shown.entries()) {
    const all = (row.roc ?? []).map(([falsePositives, truePositives]) => [falsePositives * 100, truePositives * 100] as const);
    const inside = all.filter(
      ([x, y], i) => (x <= mostFalse || (all[i - 1]?.[0] ?? 0) <= mostFalse) && (y >= leastHeard || (all[i + 1]?.[1] ?? 0) >= leastHeard),
    );
    curves.push(
      polyline(
        cut(inside).map(([x, y]) => panel.at(x, y)),
        entries[k]?.colour ?? fadedInk,
        row.name === ours ? 2.8 : 1.8,
      ),
    );
  }
  return picture(
    680,
    560 + entries.length * 22,
    'Voice detection on telephone calls',
    `${calls} calls, ${Math.round(seconds / 60)} minutes: recorded speech; noise at 5 to 20 dB SNR, music, tones, breath, clicks; G.711.`,
    [...panel.frame(), ...curves.reverse(), ...legend(entries, 76, 556)],
  );
}

/** A curve's ends, moved along it to the frame. */
function cut(points: readonly (readonly [number, number])[]): [number, number][] {
  return points.map(([x, y], i) => {
    const next = points[i + 1];
    const before = points[i - 1];
    if (y < leastHeard && next && next[1] > leastHeard) return [x + ((next[0] - x) * (leastHeard - y)) / (next[1] - y), leastHeard];
    if (x > mostFalse && before && before[0] < mostFalse) {
      return [mostFalse, before[1] + ((y - before[1]) * (mostFalse - before[0])) / (x - before[0])];
    }
    return [x, y];
  });
}
