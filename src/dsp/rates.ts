/** Rates between which the live resampler converts, in Hz. */
export const streamRatesHz = [8000, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000] as const;

/** Rates of the classes that work on blocks: those whose 10 ms are a whole number of samples. */
export const blockRatesHz = [8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000] as const;

const blockMs = 10;

/** Samples of 10 ms. */
export const samplesPerBlock = (rateHz: number): number => (rateHz * blockMs) / 1000;
