import { type Speaker, speakWhole } from '../base/spoken-audio.js';
import { convertRate } from '../native/rate-converter.js';

/** A whole sentence as int16, little endian, mono at `rateHz`. */
export async function speech(speaker: Speaker, text: string, rateHz: number): Promise<Uint8Array> {
  const audio = await speakWhole(speaker, text);
  return audio ? convertRate(audio.pcm, audio.rateHz, rateHz) : new Uint8Array(0);
}
