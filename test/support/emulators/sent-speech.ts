import type { Fault } from './fault.js';
import { sendPaced } from './paced-audio.js';
import { bytesPerSample, type VoiceFormat, voiceSound } from './voice-sound.js';

/** How an emulated voice speaks; a test may set all of it. */
export interface Manner {
  /** How long a sentence is. */
  msPerCharacter: number;
  /** Audio a second: services make it faster than it is heard. */
  pace: number;
  pieceMs: number;
  /** Cuts pieces in the middle of samples, as networks do. */
  splitsSamples: boolean;
}

export const usualManner = (): Manner => ({ msPerCharacter: 40, pace: 20, pieceMs: 100, splitsSamples: false });

/** All audio of a sentence, as a client should have it in the end. */
export const wholeSpeech = (text: string, format: VoiceFormat, { msPerCharacter }: Manner): Buffer =>
  voiceSound(text, format, msPerCharacter * text.trim().length);

export interface SentSpeech {
  readonly text: string;
  readonly format: VoiceFormat;
  readonly manner: Manner;
  readonly fault: Fault | undefined;
  readonly later: (ms: number, action: () => void) => () => void;
  readonly send: (audio: Buffer) => void;
  /** In the middle, after the first piece: for what a fault says should come there. */
  readonly afterFirst?: () => void;
  readonly done: () => void;
  readonly lose: () => void;
}

const floodMs = 60_000;

/** Sends the audio of a sentence as a service makes it. Returns what stops it. */
export function sendSpeech({ text, format, manner, fault, later, send, afterFirst, done, lose }: SentSpeech): () => void {
  const totalMs = manner.msPerCharacter * text.trim().length;
  const sound = voiceSound(text, format, fault?.type === 'flood' ? floodMs : totalMs);
  const bytesAt = (ms: number): number => Math.round((ms * format.rateHz) / 1000) * bytesPerSample(format);
  let sent = 0;
  return sendPaced({
    pieceMs: manner.pieceMs,
    pace: manner.pace,
    totalMs,
    fault,
    later,
    send(fromMs, ms) {
      const isLast = bytesAt(fromMs + ms) >= sound.length;
      const end = manner.splitsSamples && !isLast ? bytesAt(fromMs + ms) - 1 : bytesAt(fromMs + ms);
      const isFirst = sent === 0;
      send(sound.subarray(sent, end));
      sent = end;
      if (isFirst) afterFirst?.();
    },
    done,
    lose,
  });
}
