import type { Speaker, SpokenAudio } from '#talkpath/base/spoken-audio.js';
import type { SttSession } from '#talkpath/providers/cascade/stt/stt.js';
import { pcmu } from './sip/codec.js';
import { joined, resampled, silence } from './sound.js';
import type { Sound } from './wav.js';

const sttRateHz = 16000;
const frameBytes = 640;

/** Everything that is spoken for a text, and how many pieces it came in. */
export async function collected(speech: AsyncIterable<SpokenAudio>): Promise<Sound & { readonly pieces: number }> {
  const parts: Int16Array[] = [];
  let rateHz = sttRateHz;
  for await (const piece of speech) {
    parts.push(new Int16Array(piece.pcm.slice().buffer));
    rateHz = piece.rateHz;
  }
  return { samples: joined(...parts), rateHz, pieces: parts.length };
}

/** What a telephone line leaves of a sound: 8 kHz, mu-law. At the recogniser's rate. */
export function overThePhone(sound: Sound): Int16Array {
  const narrow = pcmu.decode(pcmu.encode(resampled(sound, pcmu.rateHz)));
  return resampled({ samples: narrow, rateHz: pcmu.rateHz }, sttRateHz);
}

/** Says it to a session as the engine does: frames, with speech detected late and believed in for a while after. */
export function sayTo(session: SttSession, samples: Int16Array): void {
  const onsetBytes = 60 * 32;
  const bytes = new Uint8Array(joined(silence(400, sttRateHz), samples, silence(300, sttRateHz)).buffer);
  const speechFrom = 400 * 32 + onsetBytes;
  for (let at = 0; at < bytes.length; at += frameBytes) session.push(bytes.subarray(at, at + frameBytes), at >= speechFrom);
  session.push(new Uint8Array(frameBytes), false);
}

/** The text, spoken by one and heard by the other over a telephone line. */
export async function heardOverThePhone(text: string, tts: Speaker, session: SttSession): Promise<string> {
  sayTo(session, overThePhone(await collected(tts.speak(text, new AbortController().signal))));
  return session.take();
}
