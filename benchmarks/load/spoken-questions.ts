import { speech } from '#talkpath/caller/caller-voice.js';
import { createLocalTts } from '#talkpath/providers/cascade/tts/local.js';

/** What callers ask the receptionist, and it answers. */
export const questions = [
  'What are your opening hours?',
  'Where are you located?',
  'Are you open on Saturday?',
  'What is your address, please?',
  'When do you close today?',
];

const audibleSample = 328; // -40 dBFS

/** Sentences in a caller's voice. */
export async function spoken(sentences: readonly string[], rateHz: number): Promise<Uint8Array[]> {
  const voice = await createLocalTts({ tier: 'light', voice: 'slt' });
  const said = await Promise.all(sentences.map((sentence) => speech(voice, sentence, rateHz)));
  await voice.close();
  return said;
}

/** Where the words begin and end, as opposed to the recording; 0 in one without words. */
export function audibleMs(pcm: Uint8Array, rateHz: number): { readonly first: number; readonly last: number } {
  const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let first: number | undefined;
  let last = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    if (Math.abs(bytes.readInt16LE(at)) <= audibleSample) continue;
    last = (at / 2 / rateHz) * 1000;
    first ??= last;
  }
  return { first: first ?? 0, last };
}
