/** What can speak a text: a text-to-speech. */
export interface Speaker {
  speak(text: string, signal: AbortSignal): AsyncIterable<SpokenAudio>;
}

/** int16, little endian, mono. */
export interface SpokenAudio {
  readonly pcm: Uint8Array;
  readonly rateHz: number;
}

/** All pieces of a text as one; undefined when there is nothing to be heard in it. */
export async function speakWhole(speaker: Speaker, text: string): Promise<SpokenAudio | undefined> {
  const pieces: SpokenAudio[] = [];
  for await (const piece of speaker.speak(text, new AbortController().signal)) pieces.push(piece);
  const [first] = pieces;
  return first && { pcm: Buffer.concat(pieces.map(({ pcm }) => pcm)), rateHz: first.rateHz };
}
