import { convertRate } from '../native/rate-converter.js';

/** What can speak a text: a text-to-speech. */
export interface Speaker {
  speak(text: string, signal: AbortSignal): AsyncIterable<{ readonly pcm: Uint8Array; readonly rateHz: number }>;
}

/** A whole sentence as int16, little endian, mono at `rateHz`. */
export async function speech(speaker: Speaker, text: string, rateHz: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of speaker.speak(text, new AbortController().signal)) {
    pieces.push(convertRate(piece.pcm, piece.rateHz, rateHz));
  }
  return Buffer.concat(pieces);
}
