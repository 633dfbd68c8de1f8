import { fft } from '../measure/fft.js';
import { png } from './png.js';

const fftSize = 256;
const floorDb = -110;
const steps = 28;

/** From the paper's white to black: what is below the floor stays white. */
const palette = Array.from({ length: steps + 1 }, (_, i) => {
  const t = i / steps;
  const mix = (stops: readonly number[]): number => {
    const at = t * (stops.length - 1);
    const [a, b] = [stops[Math.floor(at)] as number, stops[Math.ceil(at)] as number];
    return Math.round(a + (b - a) * (at - Math.floor(at)));
  };
  return [mix([255, 214, 107, 33, 8]), mix([255, 230, 174, 113, 29]), mix([255, 244, 214, 181, 88])] as const;
});

/** How strong each frequency is at each time, as a PNG: 0 Hz below, -110 dB and less white, 0 dB dark blue. */
export function spectrogram(samples: Int16Array, columns: number, rows: number): Buffer {
  const pixels = new Uint8Array(columns * rows);
  const hop = (samples.length - fftSize) / (columns - 1);
  for (let column = 0; column < columns; column++) {
    const powerDb = spectrumDb(samples, Math.round(column * hop));
    for (let row = 0; row < rows; row++) {
      // A row shows the strongest of the lines that it covers.
      const from = Math.floor(((rows - 1 - row) * powerDb.length) / rows);
      const to = Math.max(from + 1, Math.floor(((rows - row) * powerDb.length) / rows));
      const strongest = Math.max(...powerDb.subarray(from, to));
      pixels[row * columns + column] = Math.max(0, Math.min(steps, Math.round((1 - strongest / floorDb) * steps)));
    }
  }
  return png(columns, rows, pixels, palette);
}

/** Levels of the lines from 0 Hz to half the rate, a full-scale sine being 0 dB. */
function spectrumDb(samples: Int16Array, start: number): Float64Array {
  const re = new Float64Array(fftSize);
  const im = new Float64Array(fftSize);
  let sum = 0;
  for (let i = 0; i < fftSize; i++) {
    // Blackman-Harris, four terms: side lobes 92 dB down, lines four bins wide.
    const angle = (2 * Math.PI * i) / fftSize;
    const window = 0.35875 - 0.48829 * Math.cos(angle) + 0.14128 * Math.cos(2 * angle) - 0.01168 * Math.cos(3 * angle);
    re[i] = (window * (samples[start + i] ?? 0)) / 32768;
    sum += window;
  }
  fft(re, im);
  return Float64Array.from({ length: fftSize / 2 }, (_, k) => 20 * Math.log10((2 * Math.hypot(re[k] as number, im[k] as number)) / sum + 1e-9));
}

/** The colours as a strip, -110 dB first. */
export const colourStrip = (): Buffer =>
  png(
    steps + 1,
    1,
    Uint8Array.from({ length: steps + 1 }, (_, i) => i),
    palette,
  );
export const colourRangeDb = [floorDb, 0] as const;
