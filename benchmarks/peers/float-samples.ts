/** For peers that take floats between -1 and 1. */
export function toFloat(samples: Int16Array): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) floats[i] = (samples[i] as number) / 32768;
  return floats;
}

export function toInt16(floats: ArrayLike<number>): Int16Array {
  const samples = new Int16Array(floats.length);
  for (let i = 0; i < floats.length; i++) samples[i] = Math.max(-32768, Math.min(32767, Math.round((floats[i] as number) * 32768)));
  return samples;
}
