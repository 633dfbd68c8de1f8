/** Mean power on the scale of the samples. */
export function power(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] as number) ** 2;
  return sum / Math.max(1, samples.length);
}

/** RMS level; a full-scale square wave has 0 dBFS, nothing at all -120. */
export const levelDbfs = (samples: ArrayLike<number>): number => 10 * Math.log10(power(samples) / 32768 ** 2 + 1e-12);

export const db = (ratio: number): number => 20 * Math.log10(Math.max(ratio, 1e-10));

const windows = new Map<number, Float64Array>();

/** The 7-term Blackman-Harris window, whose side lobes are 180 dB down. After: Albrecht 2001. */
export function blackmanHarris(length: number): Float64Array {
  const known = windows.get(length);
  if (known) return known;
  const terms = [
    0.271220360585039, -0.433444612327442, 0.21800412289293, -0.065785343295606, 0.010761867305342, -0.000770012710581, 0.00001368088305992,
  ];
  const window = Float64Array.from({ length }, (_, i) => terms.reduce((sum, term, k) => sum + term * Math.cos((2 * Math.PI * k * i) / length), 0));
  windows.set(length, window);
  return window;
}

/** Amplitude of one frequency, on the scale of the samples: lines 14 / duration away do not count. */
export function amplitudeAt(samples: Int16Array, hz: number, rateHz: number): number {
  const window = blackmanHarris(samples.length);
  const step = (2 * Math.PI * hz) / rateHz;
  let re = 0;
  let im = 0;
  let sum = 0;
  for (let i = 0; i < samples.length; i++) {
    const weight = window[i] as number;
    const value = weight * (samples[i] as number);
    re += value * Math.cos(step * i);
    im += value * Math.sin(step * i);
    sum += weight;
  }
  return (2 * Math.hypot(re, im)) / sum;
}

/** What is left of a sine once the sine of its frequency (and the mean) is taken out, in dB of it. */
export function distortionAndNoiseDb(samples: Int16Array, hz: number, rateHz: number): number {
  const step = (2 * Math.PI * hz) / rateHz;
  // Least squares of 1, cos and sin.
  const normal = [0, 0, 0, 0, 0, 0].map(() => 0) as [number, number, number, number, number, number];
  const right: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const c = Math.cos(step * i);
    const s = Math.sin(step * i);
    const x = samples[i] as number;
    normal[0] += 1;
    normal[1] += c;
    normal[2] += s;
    normal[3] += c * c;
    normal[4] += c * s;
    normal[5] += s * s;
    right[0] += x;
    right[1] += x * c;
    right[2] += x * s;
  }
  const [mean, cosine, sine] = solve(normal, right);
  let residual = 0;
  for (let i = 0; i < samples.length; i++) {
    residual += ((samples[i] as number) - mean - cosine * Math.cos(step * i) - sine * Math.sin(step * i)) ** 2;
  }
  const tone = (cosine * cosine + sine * sine) / 2;
  return 10 * Math.log10(Math.max(residual / samples.length, 1e-12) / Math.max(tone, 1e-12));
}

/** The symmetric system of three, whose upper triangle is given row by row. After: Cramer. */
function solve(m: readonly [number, number, number, number, number, number], r: readonly [number, number, number]): [number, number, number] {
  const [a, b, c, d, e, f] = m;
  const det = a * (d * f - e * e) - b * (b * f - e * c) + c * (b * e - d * c);
  const [x, y, z] = r;
  return [
    (x * (d * f - e * e) - b * (y * f - e * z) + c * (y * e - d * z)) / det,
    (a * (y * f - e * z) - x * (b * f - e * c) + c * (b * z - y * c)) / det,
    (a * (d * z - y * e) - b * (b * z - y * c) + x * (b * e - d * c)) / det,
  ];
}
