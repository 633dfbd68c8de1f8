import type { ResamplerDriver } from '../../peers/peer.js';
import { mostWithheld } from '../measure/resampler-quality.js';
import type { RatePair } from '../measure/resampler-signal.js';
import { sweep } from '../measure/signal.js';
import { convertByDriver, type ResamplerPairResult } from '../resampler.js';
import { Panel } from './panel.js';
import { colourRangeDb, colourStrip, spectrogram } from './spectrogram.js';
import { fadedInk, ink, line, oursInk, peerInks, picture, polyline, text } from './svg.js';

const ours = 'talkpath';
const down: RatePair = { inputRateHz: 24000, outputRateHz: 8000 };
const up: RatePair = { inputRateHz: 8000, outputRateHz: 24000 };

const image = (x: number, y: number, width: number, height: number, data: Buffer): string =>
  `<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,${data.toString('base64')}"/>`;

/** A sweep from 0 to 12 kHz that each resampler brings to 8 kHz: all that is there but the one rising line is alias. */
export async function sweepPlot(drivers: readonly ResamplerDriver[]): Promise<string> {
  const seconds = 6;
  const signal = sweep(down.inputRateHz, seconds, -1);
  const [columns, across, left, width, height, gapX, gapY, top] = [3, 190, 64, 250, 130, 42, 58, 92];
  const parts: string[] = [];
  for (const [i, driver] of drivers.entries()) {
    const x = left + (i % columns) * (width + gapX);
    const y = top + Math.floor(i / columns) * (height + gapY);
    const last = i >= drivers.length - columns;
    const { output } = await convertByDriver(driver, down, signal);
    const panel = new Panel(
      x,
      y,
      width,
      height,
      { from: 0, to: 12, ticks: [0, 4, 8, 12], ...(last && { label: 'tone that goes in, kHz' }) },
      { from: 0, to: 4, ticks: [0, 2, 4], ...(i % columns === 0 && { label: 'comes out, kHz' }) },
    );
    parts.push(
      ...panel.frame({ title: driver.name, bold: driver.name === ours, numbersUp: i % columns === 0 }),
      image(x, y, width, height, spectrogram(output, across, 96)),
    );
  }
  const rows = Math.ceil(drivers.length / columns);
  const bottom = top + rows * (height + gapY) + 4;
  parts.push(
    image(left, bottom, 180, 12, colourStrip()),
    `<rect x="${left}" y="${bottom}" width="180" height="12" fill="none" stroke="${fadedInk}" stroke-width="0.5"/>`,
    text(left, bottom + 27, `≤ −${-colourRangeDb[0]} dB`, { size: 11, fill: fadedInk }),
    text(left + 180, bottom + 27, '0 dB', { size: 11, anchor: 'end', fill: fadedInk }),
  );
  const totalWidth = left + columns * width + (columns - 1) * gapX + 24;
  return picture(
    totalWidth,
    bottom + 42,
    'A sweep of 0 to 12 kHz brought from 24 to 8 kHz',
    'The rising line is the signal; whatever else there is folded back. Up to 3.4 kHz is telephone speech.',
    parts,
  );
}

/** An impulse as a listener gets it: shifted by what the resampler withholds. */
export async function impulsePlot(drivers: readonly ResamplerDriver[]): Promise<string> {
  const samples = new Int16Array(up.inputRateHz);
  const at = samples.length / 2;
  samples[at] = 24000;
  const [left, width, height, gap, top] = [250, 560, 46, 10, 92];
  const parts: string[] = [];
  for (const [i, driver] of drivers.entries()) {
    const { output, samplesPerFrame } = await convertByDriver(driver, up, samples);
    const withheldMs = mostWithheld(up, samplesPerFrame);
    const y = top + i * (height + gap);
    const panel = new Panel(left, y, width, height, { from: -5, to: 95, ticks: [0, 20, 40, 60, 80] }, { from: -10000, to: 26000, ticks: [] });
    const points: [number, number][] = [];
    for (let n = 0; n < output.length; n++) {
      const ms = (n / up.outputRateHz - at / up.inputRateHz) * 1000 + withheldMs;
      if (ms < -5 || ms > 95) continue;
      points.push(panel.at(ms, output[n] as number));
    }
    const colour = driver.name === ours ? oursInk : ink;
    const [zero] = panel.at(0, 0);
    parts.push(
      ...panel.frame({ numbersAcross: i === drivers.length - 1, numbersUp: false }),
      line(zero, y, zero, y + height, fadedInk),
      polyline(thin(points), colour, driver.name === ours ? 1.6 : 1.1),
      text(left - 14, y + height / 2 + 4, driver.name, { anchor: 'end', bold: driver.name === ours, fill: colour, size: 12.5 }),
    );
  }
  const bottom = top + drivers.length * (height + gap);
  parts.push(text(left + width / 2, bottom + 26, 'milliseconds after the impulse went in, 20 ms frames', { anchor: 'middle', fill: fadedInk }));
  return picture(
    left + width + 30,
    bottom + 44,
    'When an impulse is heard, 8 → 24 kHz',
    'What a resampler withholds comes later, whatever its filter: a stream can only be played at the pace of its slowest frame.',
    parts,
  );
}

/** Leaves out the points of a straight line. */
function thin(points: readonly [number, number][]): [number, number][] {
  return points.filter(([, y], i) => Math.abs((points[i - 1]?.[1] ?? y + 1) - y) > 0.02 || Math.abs((points[i + 1]?.[1] ?? y + 1) - y) > 0.02);
}

interface Mark {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Where the frequency that comes latest would lie. */
  readonly latestX: number;
  readonly colour: string;
  readonly hollow: boolean;
}

const kinds = ['talkpath', 'plain C', 'native addon', 'wasm', 'javascript', 'process'] as const;

/** How late a resampler is against how much alias it leaves: what everybody trades, and where nobody else is. */
export function tradePlot({ rows, pair }: ResamplerPairResult): string {
  const panel = new Panel(
    76,
    82,
    770,
    440,
    {
      from: 0.15,
      to: 700,
      ticks: [0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
      logarithmic: true,
      label: 'delay from sample in to sample out, ms',
    },
    { from: -145, to: 6, ticks: [0, -20, -40, -60, -80, -100, -120, -140], label: 'loudest alias of tones from 4.6 kHz, dB' },
  );
  const marks: Mark[] = rows.flatMap((row) => {
    if (row.lagMs === undefined || row.aliasDb === undefined || row.name === 'talkpath in plain C') return [];
    const [x, y] = panel.at(row.lagMs, row.aliasDb);
    const colour = row.name === ours ? oursInk : (peerInks[kinds.indexOf(row.kind as (typeof kinds)[number]) - 1] ?? ink);
    const [latestX] = panel.at(Math.max(row.lagMs, (row.latestMs ?? 0) + (row.withheldMs ?? 0)), row.aliasDb);
    return [{ name: row.name, x, y, latestX, colour, hollow: Math.abs(row.gainAt3400Db ?? 0) > 0.5 }];
  });
  const parts = [
    ...panel.frame(),
    ...marks.map(({ x, y, colour, latestX }) => line(x, y, latestX, y, colour, 2)),
    ...marks.map(({ x, y, colour, hollow, name }) =>
      name === ours
        ? `<path d="M ${x} ${y - 9} L ${x + 9} ${y} L ${x} ${y + 9} L ${x - 9} ${y} Z" fill="${colour}"/>`
        : `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5.5" fill="${hollow ? '#ffffff' : colour}" stroke="${colour}" stroke-width="2"/>`,
    ),
    ...labels(marks, panel),
  ];
  const present = kinds.filter((kind) => rows.some((row) => row.kind === kind && row.aliasDb !== undefined));
  let x = 76;
  for (const kind of present) {
    const colour = kind === 'talkpath' ? oursInk : (peerInks[kinds.indexOf(kind) - 1] ?? ink);
    parts.push(`<circle cx="${x + 5}" cy="576" r="5" fill="${colour}"/>`, text(x + 16, 580, kind, { fill: fadedInk }));
    x += 34 + kind.length * 7.2;
  }
  parts.push(
    `<circle cx="${x + 5}" cy="576" r="5" fill="#ffffff" stroke="${fadedInk}" stroke-width="2"/>`,
    text(x + 16, 580, '3.4 kHz is more than 0.5 dB off', { fill: fadedInk }),
  );
  return picture(
    876,
    600,
    `Delay against alias rejection, ${pair}`,
    'Left is sooner, below is cleaner; what is withheld counts as delay. Our line goes to the frequency of the band that comes latest.',
    parts,
  );
}

/** Puts each name beside its mark, where no other name or mark is; with a thread to it when that is far off. */
function labels(marks: readonly Mark[], { x: left, y: top, width, height }: Panel): string[] {
  const taken: { x: number; y: number; w: number; h: number }[] = marks.map(({ x, y, latestX }) => ({
    x: x - 7,
    y: y - 7,
    w: 14 + latestX - x,
    h: 14,
  }));
  const parts: string[] = [];
  const hits = (box: { x: number; y: number; w: number; h: number }): boolean =>
    taken.some((other) => box.x < other.x + other.w && other.x < box.x + box.w && box.y < other.y + other.h && other.y < box.y + box.h);
  for (const { name, x, y, colour, latestX } of [...marks].sort((a, b) => Number(b.name === ours) - Number(a.name === ours) || a.y - b.y)) {
    const w = name.length * 6.3 + 4;
    const h = 14;
    const distances = [0, 15, 30, 45, 60, 75, 90, 105];
    const spots = distances.flatMap((d) => [
      { x: Math.max(x, latestX) + 10, y: y - 7 - d },
      { x: x - 10 - w, y: y - 7 - d },
      { x: Math.max(x, latestX) + 10, y: y - 7 + d },
      { x: x - 10 - w, y: y - 7 + d },
      { x: x - w / 2, y: y - 22 - d },
    ]);
    const spot =
      spots.find((one) => one.x > left && one.x + w < left + width && one.y > top && one.y + h < top + height - 2 && !hits({ ...one, w, h })) ??
      (spots[0] as { x: number; y: number });
    taken.push({ ...spot, w, h });
    const far = Math.abs(spot.y + 7 - y) > 12;
    if (far) parts.push(line(x, y, Math.max(spot.x, Math.min(spot.x + w, x)), spot.y + (spot.y > y ? 3 : 12), colour, 0.8));
    parts.push(
      text(spot.x > x ? spot.x : spot.x + w, spot.y + 11, name, {
        size: 11.5,
        anchor: spot.x > x ? 'start' : 'end',
        bold: name === ours,
        fill: name === ours ? oursInk : ink,
      }),
    );
  }
  return parts;
}
