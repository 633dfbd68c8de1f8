import type { TranscriptEntry } from '../conversation/transcript.js';
import type { SpeechInterval } from './speech-intervals.js';
import type { WavAudio } from './wav.js';

export interface CallPicture {
  readonly title: string;
  /** Stereo: caller left, agent right. */
  readonly recording: WavAudio;
  readonly callerSpeech: readonly SpeechInterval[];
  readonly agentSpeech: readonly SpeechInterval[];
  readonly transcript: readonly TranscriptEntry[];
  /** Where the agent fell silent because the caller spoke: when the caller began, and how long the agent took. */
  readonly bargeIns: readonly { readonly atMs: number; readonly stopMs: number }[];
  /** Between the caller's last word and the agent's first, drawn between the lanes. */
  readonly replies: readonly { readonly fromMs: number; readonly toMs: number }[];
}

const widthPx = 1400;
const marginPx = 70;
const laneHeightPx = 130;
const captionHeightPx = 74;
const headPx = 56;
const axisPx = 34;
const colours = { caller: '#1769aa', agent: '#b3541e', barge: '#c2185b', reply: '#5f6b73', ink: '#20262b', faint: '#d9dee2' };

/** Draws a call as SVG: both waveforms on one time line, who said what, how fast the agent answered and fell silent. */
export function renderCallPicture(picture: CallPicture): string {
  const { recording, title } = picture;
  const durationMs = (recording.pcm.byteLength / 4 / recording.rateHz) * 1000;
  const x = (ms: number): number => marginPx + (Math.min(ms, durationMs) / durationMs) * (widthPx - 2 * marginPx);
  const callerTop = headPx + captionHeightPx;
  const agentTop = callerTop + laneHeightPx + 40;
  const heightPx = agentTop + laneHeightPx + captionHeightPx + axisPx;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" fill="${colours.ink}">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    text(marginPx, 30, title, 'font-size="18" font-weight="600"'),
    axis(durationMs, x, headPx, heightPx - axisPx),
    ...lane('caller', 0, callerTop, picture.callerSpeech, recording, x),
    ...lane('agent', 1, agentTop, picture.agentSpeech, recording, x),
    ...captions(picture.transcript, 'caller', headPx + 14, x),
    ...captions(picture.transcript, 'agent', agentTop + laneHeightPx + 18, x),
    ...picture.replies.map(({ fromMs, toMs }) => replyMark(x(fromMs), x(toMs), callerTop + laneHeightPx + 24, toMs - fromMs)),
    ...picture.bargeIns.map(({ atMs, stopMs }) => bargeMark(x(atMs), x(atMs + stopMs), callerTop, agentTop + laneHeightPx, stopMs)),
    '</svg>',
  ];
  return parts.join('\n');
}

function lane(
  name: 'caller' | 'agent',
  channel: 0 | 1,
  top: number,
  speech: readonly SpeechInterval[],
  recording: WavAudio,
  x: (ms: number) => number,
): string[] {
  const middle = top + laneHeightPx / 2;
  return [
    text(12, middle + 4, name, `fill="${colours[name]}" font-weight="600"`),
    ...speech.map(
      ({ startMs, endMs }) =>
        `<rect x="${f(x(startMs))}" y="${top}" width="${f(x(endMs) - x(startMs))}" height="${laneHeightPx}" rx="4" fill="${colours[name]}" opacity="0.1"/>`,
    ),
    `<path d="${envelope(recording, channel, middle)}" fill="${colours[name]}"/>`,
    `<line x1="${marginPx}" x2="${widthPx - marginPx}" y1="${middle}" y2="${middle}" stroke="${colours[name]}" stroke-width="0.5"/>`,
  ];
}

/** The highest and lowest sample of each pixel column, as one closed path. */
function envelope({ pcm }: WavAudio, channel: 0 | 1, middle: number): string {
  const samples = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const frames = samples.length / 4;
  const columns = widthPx - 2 * marginPx;
  const scale = laneHeightPx / 2 / 32768;
  const upper: string[] = [];
  const lower: string[] = [];
  for (let column = 0; column < columns; column += 1) {
    const from = Math.floor((column / columns) * frames);
    const to = Math.max(from + 1, Math.floor(((column + 1) / columns) * frames));
    let highest = 0;
    let lowest = 0;
    for (let frame = from; frame < to && frame < frames; frame += 1) {
      const sample = samples.readInt16LE(frame * 4 + channel * 2);
      if (sample > highest) highest = sample;
      if (sample < lowest) lowest = sample;
    }
    upper.push(`${marginPx + column},${f(middle - highest * scale)}`);
    lower.push(`${marginPx + column},${f(middle - lowest * scale)}`);
  }
  return `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
}

function axis(durationMs: number, x: (ms: number) => number, top: number, bottom: number): string {
  const stepMs = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000].find((step) => durationMs / step <= 20) ?? 60_000;
  const marks: string[] = [];
  for (let ms = 0; ms <= durationMs; ms += stepMs) {
    marks.push(`<line x1="${f(x(ms))}" x2="${f(x(ms))}" y1="${top}" y2="${bottom}" stroke="${colours.faint}" stroke-width="1"/>`);
    marks.push(text(x(ms), bottom + 18, `${ms / 1000} s`, 'text-anchor="middle" font-size="11"'));
  }
  return marks.join('');
}

/** Texts in up to four rows, each where its speech begins; one that finds no room is cut short. */
function captions(transcript: readonly TranscriptEntry[], who: 'caller' | 'agent', top: number, x: (ms: number) => number): string[] {
  const rowEnds = [0, 0, 0, 0];
  const pxPerCharacter = 5.8;
  return transcript
    .filter((entry) => entry.who === who)
    .map(({ text: words, atMs, cut }) => {
      const at = x(atMs);
      let row = rowEnds.findIndex((end) => end <= at);
      if (row < 0) row = rowEnds.indexOf(Math.min(...rowEnds));
      const start = Math.max(at, rowEnds[row] ?? 0);
      const room = Math.floor((widthPx - 8 - start) / pxPerCharacter);
      const whole = `${words}${cut ? ' …' : ''}`;
      const shown = whole.length > room ? `${whole.slice(0, Math.max(0, room - 1))}…` : whole;
      rowEnds[row] = start + (shown.length + 2) * pxPerCharacter;
      return text(start, top + row * 15, shown, `font-size="11" fill="${colours[who]}"`);
    });
}

function replyMark(from: number, to: number, y: number, ms: number): string {
  return `<line x1="${f(from)}" x2="${f(to)}" y1="${y}" y2="${y}" stroke="${colours.reply}" stroke-width="2"/>${text((from + to) / 2, y - 6, `${Math.round(ms)} ms`, `text-anchor="middle" font-size="10" fill="${colours.reply}"`)}`;
}

function bargeMark(from: number, to: number, top: number, bottom: number, ms: number): string {
  return `<rect x="${f(from)}" y="${top}" width="${f(Math.max(1, to - from))}" height="${bottom - top}" fill="${colours.barge}" opacity="0.35"/>${text(to + 4, bottom - 6, `barge-in: silent after ${Math.round(ms)} ms`, `font-size="11" fill="${colours.barge}"`)}`;
}

const f = (value: number): string => value.toFixed(1);
const text = (x: number, y: number, words: string, attributes: string): string =>
  `<text x="${f(x)}" y="${f(y)}" ${attributes}>${escapeXml(words)}</text>`;
const escapeXml = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
