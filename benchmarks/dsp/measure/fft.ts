/** In-place FFT of `re` + i·`im`, whose length is a power of two. After: Cooley and Tukey, decimation in frequency. */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let half = n / 2; half >= 1; half /= 2) {
    for (let k = 0; k < half; k++) {
      const cos = Math.cos((Math.PI * k) / half);
      const sin = -Math.sin((Math.PI * k) / half);
      for (let a = k; a < n; a += 2 * half) turn(re, im, a, a + half, cos, sin);
    }
  }
  const bits = Math.log2(n);
  for (let i = 0; i < n; i++) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
    if (reversed <= i) continue;
    [re[i], re[reversed]] = [re[reversed] as number, re[i] as number];
    [im[i], im[reversed]] = [im[reversed] as number, im[i] as number];
  }
}

function turn(re: Float64Array, im: Float64Array, a: number, b: number, cos: number, sin: number): void {
  const [ar, ai, br, bi] = [re[a] as number, im[a] as number, re[b] as number, im[b] as number];
  re[a] = ar + br;
  im[a] = ai + bi;
  re[b] = (ar - br) * cos - (ai - bi) * sin;
  im[b] = (ar - br) * sin + (ai - bi) * cos;
}
