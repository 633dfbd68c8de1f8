import type { AudioEncoding } from '../base/audio-format.js';
import { addon } from './addon.js';

/** Audio of an encoding as int16 bytes, little endian; of pcm16 the bytes themselves. */
export function toPcm16(audio: Uint8Array, encoding: AudioEncoding): Uint8Array {
  if (encoding === 'pcm16') return audio;
  const samples = new Int16Array(audio.byteLength);
  if (encoding === 'mulaw') addon.decodeMulaw(audio, samples);
  else addon.decodeAlaw(audio, samples);
  return new Uint8Array(samples.buffer);
}

/** The other way round. `pcm` is whole samples, at an even offset of its buffer. */
export function fromPcm16(pcm: Uint8Array, encoding: AudioEncoding): Uint8Array {
  if (encoding === 'pcm16') return pcm;
  const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1);
  const codes = new Uint8Array(samples.length);
  if (encoding === 'mulaw') addon.encodeMulaw(samples, codes);
  else addon.encodeAlaw(samples, codes);
  return codes;
}
