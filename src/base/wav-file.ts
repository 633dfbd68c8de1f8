/** int16, little endian, channels interleaved. */
export interface PcmAudio {
  readonly pcm: Uint8Array;
  readonly rateHz: number;
  readonly channels: number;
}

const headerBytes = 44;
const formatBytes = 16;
const pcmFormat = 1;

/** The bytes of a 16-bit PCM WAV file. */
export function wavFile({ pcm, rateHz, channels }: PcmAudio): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0);
  header.writeUInt32LE(headerBytes - 8 + pcm.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(formatBytes, 16);
  header.writeUInt16LE(pcmFormat, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(pcm.byteLength, 40);
  return Buffer.concat([header, pcm]);
}
