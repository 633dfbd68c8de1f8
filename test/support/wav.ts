import { readFileSync } from 'node:fs';

/** Mono sound. */
export interface Sound {
  readonly rateHz: number;
  readonly samples: Int16Array;
}

/** Reads a 16-bit PCM WAV file; of several channels, the first. Throws for any other encoding. */
export function readWav(path: string): Sound {
  const file = readFileSync(path);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') throw new Error(`${path} is no WAV file`);
  let format: { channels: number; rateHz: number } | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4);
    const bytes = Math.min(file.readUInt32LE(at + 4), file.length - at - 8);
    const body = file.subarray(at + 8, at + 8 + bytes);
    if (id === 'fmt ') {
      const [encoding, bits] = [body.readUInt16LE(0), body.readUInt16LE(14)];
      if ((encoding !== 1 && encoding !== 0xfffe) || bits !== 16) throw new Error(`${path} has encoding ${encoding} with ${bits} bits`);
      format = { channels: body.readUInt16LE(2), rateHz: body.readUInt32LE(4) };
    } else if (id === 'data' && format) {
      return { rateHz: format.rateHz, samples: firstChannel(body, format.channels) };
    }
    at += 8 + bytes + (bytes % 2);
  }
  throw new Error(`${path} has no audio`);
}

/** Reads a file of bare int16 samples, little endian. */
export function readRaw(path: string, rateHz: number): Sound {
  return { rateHz, samples: firstChannel(readFileSync(path), 1) };
}

function firstChannel(bytes: Buffer, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor(bytes.length / 2 / channels));
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(i * 2 * channels);
  return samples;
}

/** A 16-bit mono WAV file's bytes. */
export function wavBytes({ rateHz, samples }: Sound): Buffer {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rateHz, 24);
  file.writeUInt32LE(rateHz * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => file.writeInt16LE(sample, 44 + i * 2));
  return file;
}
