import { readFileSync } from 'node:fs';
import { recordingRatesHz } from '../base/audio-format.js';
import { messageOf, TalkpathError } from '../base/errors.js';
import { type PcmAudio, wavFile } from '../base/wav-file.js';
import { writeOutput } from './output-file.js';

export type WavAudio = PcmAudio;

const pcmFormat = 1;
const extensibleFormat = 0xfffe;
const formatBytes = 16;
/** Where an extensible format says what it really is. */
const subFormatAt = 24;
const [lowestRateHz, highestRateHz] = recordingRatesHz;

/** Reads a 16-bit PCM WAV file. Throws TP_ERR_WAV_READ when it cannot be read, TP_ERR_WAV_FORMAT for anything else. */
export function readWav(path: string): WavAudio {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new TalkpathError('TP_ERR_WAV_READ', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const refuse = (why: string): never => {
    throw new TalkpathError('TP_ERR_WAV_FORMAT', `Expected a 16-bit PCM WAV file for ${path} but ${why}`);
  };
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    return refuse('it does not begin with RIFF and WAVE');
  }
  let format: { channels: number; rateHz: number } | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + size);
    if (id === 'fmt ') {
      if (body.length < formatBytes) return refuse('its fmt chunk is cut short');
      const outer = body.readUInt16LE(0);
      const kind = outer === extensibleFormat ? (body.length >= subFormatAt + 2 ? body.readUInt16LE(subFormatAt) : pcmFormat) : outer;
      const bits = body.readUInt16LE(14);
      if (kind !== pcmFormat || bits !== 16) return refuse(`its format is ${kind} with ${bits} bits`);
      format = { channels: body.readUInt16LE(2), rateHz: body.readUInt32LE(4) };
      if (format.channels === 0) return refuse('it has 0 channels');
      const bytesPerFrame = body.readUInt16LE(12);
      if (bytesPerFrame !== 2 * format.channels) return refuse(`a sample of its ${format.channels} channels takes ${bytesPerFrame} bytes`);
      if (format.rateHz < lowestRateHz || format.rateHz > highestRateHz) return refuse(`its rate is ${format.rateHz} Hz`);
    } else if (id === 'data') {
      if (!format) return refuse('its data comes before its fmt chunk');
      const whole = body.length - (body.length % (2 * format.channels));
      if (whole === 0) return refuse(size === 0 ? 'its data chunk says that it is empty' : 'it ends before its first sample');
      return { pcm: body.subarray(0, whole), ...format };
    }
    at += 8 + size + (size % 2);
  }
  return refuse('it has no data chunk');
}

/** The mean of all channels. */
export function toMono({ pcm, channels }: WavAudio): Uint8Array {
  if (channels === 1) return pcm;
  const input = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const frames = pcm.byteLength / 2 / channels;
  const mono = Buffer.alloc(frames * 2);
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += input.readInt16LE((frame * channels + channel) * 2);
    mono.writeInt16LE(Math.round(sum / channels), frame * 2);
  }
  return mono;
}

/** Writes a 16-bit PCM WAV file. Throws TP_ERR_FILE_WRITE. */
export function writeWav(path: string, audio: WavAudio): void {
  writeOutput(path, wavFile(audio));
}
