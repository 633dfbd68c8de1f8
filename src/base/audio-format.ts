/** A frame on the wire, of any transport and at any rate. */
export const frameMs = 20;

/** How long int16 mono audio lasts. */
export const pcmMs = (pcm: Uint8Array, rateHz: number): number => (pcm.byteLength * 500) / rateHz;

/** Lowest and highest rate of recordings that can be converted, in Hz; the engine's own bounds. */
export const recordingRatesHz = [1000, 384_000] as const;
