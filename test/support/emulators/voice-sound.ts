/** Audio formats by the names that talkpath gives them. */
export interface VoiceFormat {
  readonly encoding: 'pcm16' | 'mulaw' | 'alaw';
  readonly rateHz: number;
}

export const bytesPerSample = ({ encoding }: VoiceFormat): number => (encoding === 'pcm16' ? 2 : 1);

/**
 * What the emulated voices make of a text: a tone with a little noise, both by the text, so that neither another
 * sentence nor another place in the same one has the same samples. `ms` long.
 */
export function voiceSound(text: string, format: VoiceFormat, ms: number): Buffer {
  const { encoding, rateHz } = format;
  let seed = [...text].reduce((hash, character) => (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0, 7);
  const hz = 200 + (seed % 700);
  const count = Math.round((ms * rateHz) / 1000);
  const audio = Buffer.alloc(count * bytesPerSample(format));
  for (let i = 0; i < count; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const sample = Math.round(6000 * Math.sin((2 * Math.PI * hz * i) / rateHz) + (seed >>> 22) - 512);
    if (encoding === 'pcm16') audio.writeInt16LE(sample, 2 * i);
    else audio[i] = encoding === 'mulaw' ? mulawOf(sample) : alawOf(sample);
  }
  return audio;
}

function mulawOf(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = 24 - Math.clz32(magnitude);
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 255;
}

function alawOf(sample: number): number {
  const magnitude = Math.min(32_767, sample < 0 ? -sample - 1 : sample);
  const exponent = Math.max(0, 24 - Math.clz32(magnitude));
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 15;
  return ((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55;
}
