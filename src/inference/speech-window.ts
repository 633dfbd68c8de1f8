const rateHz = 16000;
const blockMs = 20;
/** Below the loudest block: what is quieter at either end is not speech. */
const quietRatio = 10 ** (-30 / 20);
/** A voice on a phone line is louder than this in its loudest block. */
const faintestSpeech = 10 ** (-46 / 20);
/** The shortest "no" is longer; a click is shorter. */
const leastLoudBlocks = 6;
const marginSamples = (100 * rateHz) / 1000;
const targetPeak = 0.9;

/**
 * What of an utterance is worth recognising: its silent ends cut off and its peak raised to 0.9, which halves the word
 * errors of a quiet caller. Undefined when nobody spoke: too faint, or too short.
 * @param pcm mono, 16 kHz
 * @returns -1 to 1
 */
export function speechWindow(pcm: Int16Array): Float32Array | undefined {
  const levels = blockLevels(pcm, rateHz);
  const isLoud = louderThanQuiet(levels);
  if (!isSpeech(levels)) return undefined;
  const blockSamples = samplesPerBlock(rateHz);
  const from = Math.max(0, levels.findIndex(isLoud) * blockSamples - marginSamples);
  const to = Math.min(pcm.length, (levels.findLastIndex(isLoud) + 1) * blockSamples + marginSamples);
  const window = pcm.subarray(from, to);
  const peak = window.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 1);
  return Float32Array.from(window, (sample) => (sample * targetPeak) / peak);
}

/** Whether somebody spoke: loud enough for a phone line, and for longer than a click. */
export const holdsSpeech = (pcm: Int16Array, pcmRateHz: number): boolean => isSpeech(blockLevels(pcm, pcmRateHz));

/** The RMS of each 20 ms, 1 being full scale. */
export function blockLevels(pcm: Int16Array, pcmRateHz: number): number[] {
  const blockSamples = samplesPerBlock(pcmRateHz);
  const levels: number[] = [];
  for (let at = 0; at + blockSamples <= pcm.length; at += blockSamples) {
    let sum = 0;
    for (let i = at; i < at + blockSamples; i += 1) sum += (pcm[i] as number) ** 2;
    levels.push(Math.sqrt(sum / blockSamples) / 32768);
  }
  return levels;
}

const samplesPerBlock = (pcmRateHz: number): number => (blockMs * pcmRateHz) / 1000;

const loudestOf = (levels: readonly number[]): number => Math.max(0, ...levels);

function louderThanQuiet(levels: readonly number[]): (level: number) => boolean {
  const quiet = loudestOf(levels) * quietRatio;
  return (level) => level > quiet;
}

const isSpeech = (levels: readonly number[]): boolean =>
  loudestOf(levels) >= faintestSpeech && levels.filter(louderThanQuiet(levels)).length >= leastLoudBlocks;
