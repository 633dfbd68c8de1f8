/** In-place radix-2 FFT of `re` + i·`im`; the length is a power of two. */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j] as number, re[i] as number];
      [im[i], im[j]] = [im[j] as number, im[i] as number];
    }
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const cos = Math.cos((-2 * Math.PI * k) / size);
      const sin = Math.sin((-2 * Math.PI * k) / size);
      for (let even = k; even < n; even += size) butterfly(re, im, even, even + size / 2, cos, sin);
    }
  }
}

function butterfly(re: Float64Array, im: Float64Array, even: number, odd: number, cos: number, sin: number): void {
  const [evenRe, evenIm, oddRe, oddIm] = [re[even] as number, im[even] as number, re[odd] as number, im[odd] as number];
  const turnedRe = oddRe * cos - oddIm * sin;
  const turnedIm = oddRe * sin + oddIm * cos;
  re[even] = evenRe + turnedRe;
  im[even] = evenIm + turnedIm;
  re[odd] = evenRe - turnedRe;
  im[odd] = evenIm - turnedIm;
}

const fftSize = 2048;

/** Mean power a bin, full scale being 1, of Hann-windowed halves-overlapping blocks: fftSize / 2 bins of rate / fftSize Hz. */
export function powerSpectrum(samples: Int16Array): Float64Array {
  const power = new Float64Array(fftSize / 2);
  let blocks = 0;
  for (let start = 0; start + fftSize <= samples.length; start += fftSize / 2) {
    const re = new Float64Array(fftSize);
    const im = new Float64Array(fftSize);
    for (let i = 0; i < fftSize; i++) re[i] = ((samples[start + i] as number) / 32768) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / fftSize));
    fft(re, im);
    for (let k = 0; k < power.length; k++) power[k] = (power[k] as number) + (re[k] as number) ** 2 + (im[k] as number) ** 2;
    blocks += 1;
  }
  // One-sided, and freed of the window's power of 3/8.
  const scale = 2 / (fftSize * fftSize * 0.375 * Math.max(1, blocks));
  return power.map((sum) => sum * scale);
}

/** RMS level of what lies between two frequencies. Needs at least 2,048 samples. */
export function bandLevelDbfs(samples: Int16Array, rateHz: number, fromHz: number, toHz: number): number {
  const power = powerSpectrum(samples);
  const binHz = rateHz / fftSize;
  let sum = 0;
  for (let k = Math.ceil(fromHz / binHz); k <= Math.min(power.length - 1, toHz / binHz); k++) sum += power[k] as number;
  return 10 * Math.log10(sum + 1e-12);
}

/** Frequency of the strongest line, to a tenth of a bin for a clean tone. */
export function strongestHz(samples: Int16Array, rateHz: number): number {
  const power = powerSpectrum(samples);
  let peak = 1;
  for (let k = 2; k < power.length - 1; k++) if ((power[k] as number) > (power[peak] as number)) peak = k;
  const [before, at, after] = [-1, 0, 1].map((step) => Math.log((power[peak + step] as number) + 1e-20)) as [number, number, number];
  const offset = (before - after) / (2 * (before - 2 * at + after));
  return ((peak + offset) * rateHz) / fftSize;
}
