import { pcmu } from './sip/codec.js';
import { atLevel, resampled } from './sound.js';
import { type CallerVoice, spoken } from './spoken.js';

/** A caller's sentence as a telephone carries it: 8 kHz, at a common level. */
export async function telephoneSentence(text: string, voice?: CallerVoice): Promise<Int16Array> {
  return atLevel(resampled(await spoken(text, voice), pcmu.rateHz), -20);
}
