/** Noise with the slope of speech, in syllables of 50 ms: white noise through a one-pole low-pass. int16, by seed. */
export function speechLikeNoise(samples: number, rateHz: number, seed: number): Buffer {
  const pcm = Buffer.alloc(samples * 2);
  let state = (seed * 2654435761) >>> 0;
  let low = 0;
  for (let i = 0; i < samples; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    low += 0.4 * (state / 2 ** 31 - 1 - low);
    pcm.writeInt16LE(Math.round(low * 12000 * Math.abs(Math.sin((Math.PI * i) / (rateHz / 20)))), i * 2);
  }
  return pcm;
}
